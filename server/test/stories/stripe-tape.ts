import { Stripe } from "stripe";

interface Answer {
  status: number;
  body: string;
  headers: [string, string][];
  /** Stripe is another one afterwards. */
  changes: boolean;
}

/**
 * What Stripe answers at one moment. The first map is for as long as the app has changed nothing there; each change
 * that the app makes opens the next.
 */
export interface Truth {
  now: Date;
  states: Map<string, Answer>[];
}

const changesStripe = (method: string, path: string): boolean =>
  method !== "GET" && !path.startsWith("/v1/invoices/create_preview");

/**
 * A Stripe client that asks a local Stripe and remembers each answer by the moment, and later gives the same answers
 * again in no time and as often as wanted. What was never asked then is an error.
 */
export class StripeTape {
  readonly stripe: Stripe;
  /** What the app changed in Stripe since the last rewind, as "POST /v1/refunds". */
  changes: string[] = [];
  /** Forgets what Stripe's list of events knows. */
  forgetEvents = false;
  #truth: Truth | null = null;
  #state = 0;
  #isRecording = false;
  readonly #liveNow: () => Date;

  constructor(port: number, liveNow: () => Date) {
    this.#liveNow = liveNow;
    this.stripe = new Stripe("sk_test_tape", {
      host: "127.0.0.1",
      port,
      protocol: "http",
      maxNetworkRetries: 0,
      telemetry: false,
      httpClient: Stripe.createFetchHttpClient((url: string | URL | Request, init?: RequestInit) =>
        this.#answer(new URL(url instanceof Request ? url.url : url), init),
      ),
    });
  }

  /** Time stands still in a recorded moment. */
  now = (): Date => this.#truth?.now ?? this.#liveNow();

  /** Passes everything on. */
  live(): void {
    this.#truth = null;
  }

  /** Passes everything on and remembers the answers, until `live` or `play`. */
  record(now: Date): Truth {
    this.#truth = { now, states: [new Map()] };
    this.#isRecording = true;
    this.#state = 0;
    return this.#truth;
  }

  /** Gives the answers of a recorded moment, from before the app changed anything in it. */
  play(truth: Truth): void {
    this.#truth = truth;
    this.#isRecording = false;
    this.#state = 0;
  }

  async #answer(url: URL, init: RequestInit = {}): Promise<Response> {
    const { pathname, search } = url;
    const method = init.method ?? "GET";
    const key = `${method} ${pathname}${search} ${typeof init.body === "string" ? init.body : ""}`;
    const answer =
      this.#truth === null || this.#isRecording ? await this.#ask(url, init, key, pathname) : this.#recall(key);
    if (answer.changes && this.#truth !== null) {
      this.changes.push(`${method} ${pathname}`);
      this.#state += 1;
      if (this.#isRecording) this.#truth.states.push(new Map());
    }
    const isForgotten = this.forgetEvents && pathname === "/v1/events" && !this.#isRecording;
    const body = isForgotten ? JSON.stringify({ ...JSON.parse(answer.body), data: [], has_more: false }) : answer.body;
    return new Response(body, { status: answer.status, headers: answer.headers });
  }

  async #ask(url: URL, init: RequestInit, key: string, path: string): Promise<Answer> {
    const response = await fetch(url, init);
    const answer = {
      status: response.status,
      body: await response.text(),
      headers: [...response.headers].filter(([name]) => name === "content-type" || name === "request-id"),
      changes: response.ok && changesStripe(init.method ?? "GET", path),
    };
    this.#truth?.states[this.#state]?.set(key, answer);
    return answer;
  }

  #recall(key: string): Answer {
    // What a change did not touch was perhaps only asked before it.
    for (let state = this.#state; state >= 0; state -= 1) {
      const answer = this.#truth?.states[state]?.get(key);
      if (answer) return answer;
    }
    throw new Error(`never asked when this was recorded: ${key}`);
  }
}
