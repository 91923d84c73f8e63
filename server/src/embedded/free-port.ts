import { createServer } from "node:net";

/** Above the well-known ports, below those that systems hand out for outgoing connections (Linux from 32768, RFC 6335 from 49152). */
const [lowest, beyond] = [10_000, 32_000];

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer().once("error", () => resolve(false));
    probe.listen({ port, host: "0.0.0.0" }, () => probe.close(() => resolve(true)));
  });

/**
 * A port of this machine that nobody listens on now, nor the `neighbours` ports after it. None that the system itself
 * gives away: between the look and its use it would go to somebody's connection.
 */
export async function freePort(neighbours = 0): Promise<number> {
  for (;;) {
    const first = lowest + Math.floor(Math.random() * (beyond - lowest - neighbours));
    const ports = Array.from({ length: neighbours + 1 }, (_, index) => first + index);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
}
