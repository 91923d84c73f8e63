// The state: objects by kind and id, changed in whole steps, and a journal that a killed process leaves in good order.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Kind, Kinds, Stored } from "./types.ts";

const IDEMPOTENCY_DAYS = 1;
const EVENT_DAYS = 30;
const DAY_MS = 86_400_000;

interface Undo {
  kind: Kind;
  id: string;
  before: Stored | undefined;
  existed: boolean;
}

/** Holds every object. Objects are never changed in place: `put` replaces, so that any step can be taken back. */
export interface Store {
  get<K extends Kind>(kind: K, id: string): Kinds[K] | undefined;
  /** Oldest first. */
  all<K extends Kind>(kind: K): Kinds[K][];
  put<T extends Stored>(object: T): T;
  remove(kind: Kind, id: string): void;
  /** Runs one synchronous step. When it returns, all it wrote is in the journal as one line; when it throws, nothing happened. */
  change<T>(step: () => T): T;
  /** Runs a step and takes it back: for previews. */
  dry<T>(step: () => T): T;
  close(): void;
}

/** Opens the state kept in `file`, or in memory only when there is none. Throws when the journal is damaged. */
export function openStore(file?: string): Store {
  const tables = new Map<Kind, Map<string, Stored | undefined>>();
  const table = (kind: Kind) => {
    let found = tables.get(kind);
    if (!found) tables.set(kind, (found = new Map()));
    return found;
  };
  let undo: Undo[] | undefined;
  let fd: number | undefined;

  const write = (kind: Kind, id: string, value: Stored | undefined) => {
    const rows = table(kind);
    if (!undo) throw new Error("a write outside of a change");
    undo.push({ kind, id, before: rows.get(id), existed: rows.has(id) });
    rows.set(id, value);
  };
  const takeBack = (steps: Undo[]) => {
    for (const step of steps.toReversed()) {
      if (step.existed) table(step.kind).set(step.id, step.before);
      else table(step.kind).delete(step.id);
    }
  };
  const append = (steps: Undo[]) => {
    if (fd === undefined || steps.length === 0) return;
    const written = new Map(steps.map((step) => [`${step.kind} ${step.id}`, step]));
    const line = [...written.values()].map(({ kind, id }) => table(kind).get(id) ?? { object: kind, id, gone: true });
    writeSync(fd, `${JSON.stringify(line)}\n`);
  };

  if (file) {
    mkdirSync(dirname(file), { recursive: true });
    if (existsSync(file)) load(file, table);
    fd = compact(file, tables);
  }

  return {
    get: <K extends Kind>(kind: K, id: string) => table(kind).get(id) as Kinds[K] | undefined,
    all: <K extends Kind>(kind: K) => [...table(kind).values()].filter((row) => row !== undefined) as Kinds[K][],
    put: (object) => {
      write(object.object, object.id, object);
      return object;
    },
    remove: (kind, id) => write(kind, id, undefined),
    change(step) {
      if (undo) return step();
      undo = [];
      try {
        const result = step();
        append(undo);
        return result;
      } catch (error) {
        takeBack(undo);
        throw error;
      } finally {
        undo = undefined;
      }
    },
    dry(step) {
      const outer = undo;
      undo = [];
      try {
        return step();
      } finally {
        takeBack(undo);
        undo = outer;
      }
    },
    close() {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

function load(file: string, table: (kind: Kind) => Map<string, Stored | undefined>) {
  const lines = readFileSync(file, "utf8").split("\n");
  // Whatever follows the last line end was cut off while it was written, and was never answered for.
  lines.pop();
  for (const [index, line] of lines.entries()) {
    let rows: (Stored & { gone?: true })[];
    try {
      rows = JSON.parse(line) as typeof rows;
    } catch {
      throw new Error(`The local Stripe's data file is damaged at line ${index + 1}: ${file}`);
    }
    for (const row of rows) {
      if (row.gone) table(row.object).delete(row.id);
      else table(row.object).set(row.id, row);
    }
  }
}

// Stripe keeps events for 30 days and idempotency keys for at least a day; so does the file.
function dropStale(tables: Map<Kind, Map<string, Stored | undefined>>, nowMs: number): void {
  const waiting = new Set<string>();
  for (const row of tables.get("sandbox.delivery")?.values() ?? []) {
    if (row?.object === "sandbox.delivery" && (row.status === "pending" || row.status === "held"))
      waiting.add(row.event);
  }
  const events = tables.get("event");
  for (const row of events?.values() ?? []) {
    const isOld = row?.object === "event" && row.created * 1000 < nowMs - EVENT_DAYS * DAY_MS;
    if (isOld && !waiting.has(row.id)) events?.delete(row.id);
  }
  for (const [id, row] of tables.get("sandbox.delivery") ?? []) {
    if (row?.object === "sandbox.delivery" && !events?.has(row.event)) tables.get("sandbox.delivery")?.delete(id);
  }
  for (const [id, row] of tables.get("sandbox.idempotency") ?? []) {
    const isOld = row?.object === "sandbox.idempotency" && row.at < nowMs - IDEMPOTENCY_DAYS * DAY_MS;
    if (isOld) tables.get("sandbox.idempotency")?.delete(id);
  }
}

/** Rewrites the journal as one line per object and returns it opened for appending. */
function compact(file: string, tables: Map<Kind, Map<string, Stored | undefined>>): number {
  dropStale(tables, Date.now());
  const fresh = `${file}.new`;
  const out = openSync(fresh, "w", 0o600);
  for (const rows of tables.values()) {
    for (const [id, row] of rows) {
      if (!row) rows.delete(id);
      else writeSync(out, `${JSON.stringify([row])}\n`);
    }
  }
  fsyncSync(out);
  closeSync(out);
  renameSync(fresh, file);
  return openSync(file, "a", 0o600);
}
