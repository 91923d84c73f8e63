/** Lets a few through at once; the others wait for their turn. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** Turns for at most `max` at once in this process. */
export function makeTurns(max: number): Turns {
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
