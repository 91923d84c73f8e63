import { isIP } from "node:net";

/** A network that is wider is not one's own: almost anybody could be in it. */
const widest = { 4: 8, 6: 16 } as const;
const narrowest = { 4: 32, 6: 128 } as const;

/** Whether this is an IP address, or a network of them (`10.0.0.0/24`) that is not too wide to be trusted. */
export function isNetwork(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  const version = isIP(address);
  if (more.length > 0 || (version !== 4 && version !== 6)) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) >= widest[version] && Number(bits) <= narrowest[version];
}
