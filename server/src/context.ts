import type { Role } from "@charlie/contract";
import { withWorkspace, type Database, type Tx } from "./db/client.ts";
import { forbidden } from "./errors.ts";

/** Who acts. */
export type Actor = { type: "user"; userId: string } | { type: "system"; name: string };

/** What a verb is given: who acts, in which workspace, on which database handle. */
export interface Ctx {
  readonly actor: Actor;
  readonly role: Role;
  readonly workspaceId: string;
  readonly db: Database;
  /** Runs in the transaction that is open already, else in a new one. The inner context is bound to it. */
  transaction<T>(work: (tx: Tx, inner: Ctx) => Promise<T>): Promise<T>;
}

/** A context of whoever runs the service: what verbs of the operator's pages ask for, so that nobody else can call them. */
export interface OperatorCtx extends Ctx {
  readonly operator: true;
}

/** Makes a context; with `tx` it joins that transaction. */
export function makeCtx(base: Pick<Ctx, "actor" | "role" | "workspaceId" | "db">, tx?: Tx): Ctx {
  const ctx: Ctx = {
    ...base,
    transaction: (work) =>
      tx ? work(tx, ctx) : withWorkspace(base.db, base.workspaceId, (opened) => work(opened, makeCtx(base, opened))),
  };
  return ctx;
}

/** The id that audit rows and decisions carry. */
export const actorId = (actor: Actor): string => (actor.type === "user" ? actor.userId : actor.name);

const ranks: Record<Role, number> = { viewer: 0, editor: 1, admin: 2, owner: 3 };

/** Whether the actor's role in this workspace is `least` or higher. */
export const hasRole = ({ role }: Pick<Ctx, "role">, least: Role): boolean => ranks[role] >= ranks[least];

/** Throws 403 unless the actor's role in this workspace is `least` or higher. */
export function needRole(ctx: Ctx, least: Role): void {
  if (!hasRole(ctx, least)) {
    throw forbidden(`This needs the role ${least} in this workspace. Ask its owner.`);
  }
}
