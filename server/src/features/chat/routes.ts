import * as contract from "@charlie/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Ctx } from "../../context.ts";
import { idempotencyKeyOf, requestHash } from "../../http/idempotency.ts";
import type { Router } from "../../http/route.ts";
import { closedSignal, sendUiStream } from "../../http/ui-stream.ts";
import { answerOf } from "./answer-of.ts";
import { deleteConversation } from "./delete-conversation.ts";
import { getConversation } from "./get-conversation.ts";
import { joinAnswer } from "./join-answer.ts";
import { listConversations } from "./list-conversations.ts";
import { rateMessage } from "./rate-message.ts";
import type { Chat } from "./start-chat.ts";
import { stopMessage } from "./stop-message.ts";
import { tellAnswer } from "./tell-answer.ts";

const wantsJson = ({ headers: { accept = "" } }: FastifyRequest): boolean =>
  accept.includes("application/json") && !accept.includes("text/event-stream");

function idempotencyOf(ctx: Ctx, request: FastifyRequest): { key: string; hash: string } | null {
  const key = idempotencyKeyOf(request);
  return key === null ? null : { key, hash: requestHash(request, ctx, request.body) };
}

export function chatRoutes(router: Router, chat: Chat): void {
  const streamed = (ctx: Ctx, reply: FastifyReply, place: contract.AnswerStarted): FastifyReply => {
    const closed = closedSignal(reply);
    const follow = (onText: (delta: string) => void) => chat.follow(ctx, place.messageId, onText, closed);
    const fault = (error: unknown) =>
      reply.log.error({ err: error, workspaceId: ctx.workspaceId }, "an answer could not be streamed");
    return sendUiStream(reply, (write) => tellAnswer(write, place, follow, fault));
  };

  router.stream(contract.sendMessage, async (ctx, { params, body }, { request, reply }) => {
    if (chat.draining) void reply.header("Retry-After", "5");
    const place = await chat.ask(ctx, { agentId: params.id, ...body, idempotency: idempotencyOf(ctx, request) });
    return wantsJson(request) ? answerOf(ctx, chat, place) : streamed(ctx, reply, place);
  });
  router.stream(contract.joinStream, async (ctx, { params }, { reply }) => {
    const place = await joinAnswer(ctx, params.id);
    return place ? streamed(ctx, reply, place) : reply.status(204).send();
  });
  // Not `member`: it would hold a transaction open, in which the stop could not be heard, and a stop needs no key.
  router.stream(contract.stopMessage, (ctx, { params }) => stopMessage(ctx, params.id, chat));
  router.member(contract.rateMessage, (ctx, { params, body }) => rateMessage(ctx, params.id, body));
  router.member(contract.listConversations, (ctx, { params, query }) => listConversations(ctx, params.id, query));
  router.member(contract.getConversation, (ctx, { params }) => getConversation(ctx, params.id));
  router.member(contract.deleteConversation, (ctx, { params }) => deleteConversation(ctx, params.id));
}
