/** How OpenAI (Responses), Anthropic (Messages) and OpenAI-compatible servers (Chat Completions) speak, as far as tests need. */

export type Reason = "stop" | "length" | "filter";

export interface Counted {
  input: number;
  cached: number;
  output: number;
}

export interface Protocol {
  provider: "openai" | "anthropic" | "compatible";
  lastQuestion(body: Record<string, unknown>): string;
  /** The body of an answer with an error status. */
  error(status: number, detail: string, message: string): unknown;
  start(model: string, use: Counted): string;
  delta(text: string): string;
  finish(reason: Reason, use: Counted, text: string): string;
  /** An error event in the middle of a stream. */
  errorEvent(message: string): string;
}

const event = (data: { type: string } & Record<string, unknown>): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The text of the last message with the role `user`, whether content is a string or a list of parts. */
function lastUserText(messages: unknown): string {
  const last = Array.isArray(messages) ? messages.filter(isRecord).findLast(({ role }) => role === "user") : undefined;
  const content = last?.["content"];
  if (typeof content === "string") return content;
  return Array.isArray(content)
    ? content
        .filter(isRecord)
        .map(({ text }) => String(text))
        .join("")
    : "";
}

const details: Record<string, { type: string; code: string; message: string }> = {
  quota: {
    type: "insufficient_quota",
    code: "insufficient_quota",
    message: "You exceeded your current quota, please check your plan and billing details.",
  },
  context: {
    type: "invalid_request_error",
    code: "context_length_exceeded",
    message: "Your input exceeds the context window of this model.",
  },
  filter: {
    type: "invalid_request_error",
    code: "content_filter",
    message: "The prompt was flagged by our content filter.",
  },
};

const openAiError = (status: number, detail: string, message: string) => ({
  error: details[detail] ?? { type: `error_${status}`, code: status === 404 ? "model_not_found" : null, message },
});

const openai: Protocol = {
  provider: "openai",
  lastQuestion: (body) => lastUserText(body["input"]),
  error: openAiError,
  start: (model) =>
    event({ type: "response.created", response: { id: "resp_1", created_at: 1_790_000_000, model } }) +
    event({ type: "response.output_item.added", output_index: 0, item: { type: "message", id: "msg_1" } }),
  delta: (delta) => event({ type: "response.output_text.delta", item_id: "msg_1", output_index: 0, delta }),
  finish: (reason, use, text) => {
    const usage = {
      input_tokens: use.input,
      input_tokens_details: { cached_tokens: use.cached },
      output_tokens: use.output,
      output_tokens_details: { reasoning_tokens: 0 },
    };
    const content = [{ type: "output_text", text, annotations: [] }];
    const done = event({
      type: "response.output_item.done",
      output_index: 0,
      item: { type: "message", id: "msg_1", role: "assistant", content },
    });
    if (reason === "stop")
      return done + event({ type: "response.completed", response: { incomplete_details: null, usage } });
    const incomplete = { reason: reason === "length" ? "max_output_tokens" : "content_filter" };
    return done + event({ type: "response.incomplete", response: { incomplete_details: incomplete, usage } });
  },
  errorEvent: (message) =>
    event({
      type: "error",
      sequence_number: 9,
      error: { type: "server_error", code: "server_error", message, param: null },
    }),
};

const anthropicTypes: Record<number, string> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
  529: "overloaded_error",
};
const anthropicDetails: Record<string, string> = {
  quota: "Your credit balance is too low to access the API.",
  context: "prompt is too long: 250000 tokens > 200000 maximum",
  filter: "Output blocked by content filtering policy",
};

const anthropic: Protocol = {
  provider: "anthropic",
  lastQuestion: (body) => lastUserText(body["messages"]),
  error: (status, detail, message) => ({
    type: "error",
    error: { type: anthropicTypes[status] ?? "invalid_request_error", message: anthropicDetails[detail] ?? message },
  }),
  start: (model, use) =>
    event({
      type: "message_start",
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model,
        content: [],
        usage: {
          input_tokens: use.input - use.cached,
          cache_read_input_tokens: use.cached,
          cache_creation_input_tokens: 0,
          output_tokens: 1,
        },
      },
    }) + event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
  delta: (text) => event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
  finish: (reason, use) =>
    event({ type: "content_block_stop", index: 0 }) +
    event({
      type: "message_delta",
      delta: {
        stop_reason: { stop: "end_turn", length: "max_tokens", filter: "refusal" }[reason],
        stop_sequence: null,
      },
      usage: { output_tokens: use.output },
    }) +
    event({ type: "message_stop" }),
  errorEvent: (message) => event({ type: "error", error: { type: "overloaded_error", message } }),
};

const chunk = (delta: object, finishReason: string | null = null) =>
  data({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1_790_000_000,
    model: "stand-in",
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  });

const compatible: Protocol = {
  provider: "compatible",
  lastQuestion: (body) => lastUserText(body["messages"]),
  error: openAiError,
  start: () => chunk({ role: "assistant", content: "" }),
  delta: (content) => chunk({ content }),
  finish: (reason, use) =>
    chunk({}, { stop: "stop", length: "length", filter: "content_filter" }[reason]) +
    data({
      id: "chatcmpl-1",
      choices: [],
      usage: {
        prompt_tokens: use.input,
        completion_tokens: use.output,
        total_tokens: use.input + use.output,
        prompt_tokens_details: { cached_tokens: use.cached },
      },
    }) +
    "data: [DONE]\n\n",
  errorEvent: (message) => data({ error: { message, type: "server_error", code: "server_error", param: null } }),
};

/** By the path under which each protocol is served. */
export const protocols: Record<string, Protocol> = {
  "/v1/responses": openai,
  "/v1/messages": anthropic,
  "/v1/chat/completions": compatible,
};
