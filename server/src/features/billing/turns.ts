/** Lets a few through at once; the others wait for their turn. */
type Turn = <T>(work: () => Promise<T>) => Promise<T>;

function makeTurn(max: number): Turn {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // A place is handed on, not given up and fought for again.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** Lets one through for each workspace, and a few in all. */
export type Turns = <T>(workspaceId: string, work: () => Promise<T>) => Promise<T>;

/**
 * Turns for at most `max` at once in this process. A workspace waits for itself first, so that however much it asks for,
 * it holds one place.
 */
export function makeTurns(max: number): Turns {
  const all = makeTurn(max);
  const lines = new Map<string, { turn: Turn; people: number }>();
  return async (workspaceId, work) => {
    const line = lines.get(workspaceId) ?? { turn: makeTurn(1), people: 0 };
    lines.set(workspaceId, line);
    line.people += 1;
    try {
      return await line.turn(() => all(work));
    } finally {
      line.people -= 1;
      if (line.people === 0) lines.delete(workspaceId);
    }
  };
}
