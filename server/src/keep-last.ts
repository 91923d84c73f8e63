/** Gives what was made for a key before, or makes it now. */
export type KeepLast<T> = (key: string, make: () => T) => T;

/** Lets go of what stands first in a map, where it holds more than `most`. */
export function keepAtMost(kept: Map<string, unknown>, most: number): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= most) break;
    kept.delete(oldest);
  }
}

/** Keeps the `most` things that were asked for last. */
export function keepLast<T>(most: number): KeepLast<T> {
  const kept = new Map<string, T>();
  return (key, make) => {
    const value = kept.get(key) ?? make();
    // A map keeps its order: what is asked for goes to its end, what nobody asked for longest stands first.
    kept.delete(key);
    kept.set(key, value);
    keepAtMost(kept, most);
    return value;
  };
}
