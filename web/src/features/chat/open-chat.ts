/** Which chat is on the page, and the address that it goes by. */
export interface OpenChat {
  /** Changes when another chat takes its place. */
  key: number;
  /** The stored conversation that it began from; `undefined` for a new chat. */
  storedId: string | undefined;
  /** The id that a new chat has got from the server. */
  begunId: string | undefined;
  /** The address has not followed to `begunId` yet. */
  following: boolean;
}

export const openAt = (address: string | undefined, key = 0): OpenChat => ({
  key,
  storedId: address,
  begunId: undefined,
  following: false,
});

/** A new chat has got its id: it stays on the page, and the address will follow. */
export const begun = (open: OpenChat, id: string): OpenChat => ({ ...open, begunId: id, following: true });

/** The chat that an address means: the open one where it goes by that address, else another in its place. */
export function chatAt(open: OpenChat, address: string | undefined): OpenChat {
  if (address === (open.begunId ?? open.storedId)) return open.following ? { ...open, following: false } : open;
  if (open.following && address === open.storedId) return open;
  return openAt(address, open.key + 1);
}
