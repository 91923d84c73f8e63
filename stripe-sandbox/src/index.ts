// The door of the local Stripe.
import type { AddressInfo } from "node:net";
import { createBox } from "./box.ts";
import { runDue } from "./billing/clock.ts";
import { control, type Control } from "./control.ts";
import { startDeliverer } from "./events/deliver.ts";
import { buildServer } from "./http/server.ts";
import { pageRouter } from "./pages/router.ts";
import { allRoutes } from "./resources/all.ts";
import { ensureEndpoint } from "./resources/webhook-endpoints.ts";
import { openStore } from "./store.ts";

export type { Control } from "./control.ts";
export type { DeliveryMode } from "./events/deliver.ts";

export interface SandboxOptions {
  /** 0 takes a free port. */
  port: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Where the state is kept; in memory without it. */
  dataFile?: string;
  /** How browsers reach it, without a slash at the end; default `http://<host>:<port>`. */
  publicUrl?: string;
  /** Endpoints that exist from the start with a secret of the caller's choice. */
  webhooks?: { url: string; secret: string; events?: string[] }[];
  /** Takes one line per thing worth knowing: a delivery that failed, a defect. */
  log?: (line: string) => void;
}

export interface StripeSandbox {
  url: string;
  port: number;
  /** Stops listening; what is under way is finished or, for deliveries, made again at the next start. */
  close(): Promise<void>;
  control: Control;
}

const TICK_MS = 1000;

/** Starts the local Stripe. Throws when the port is taken or the data file can't be read. */
export async function startStripeSandbox(options: SandboxOptions): Promise<StripeSandbox> {
  const log = options.log ?? (() => {});
  const host = options.host ?? "127.0.0.1";
  const store = openStore(options.dataFile);
  const box = createBox(store);
  let base = options.publicUrl ?? "";
  const deliverer = startDeliverer(box, () => base, log);
  box.onDeliveries = deliverer.wake;
  const handles = control(box, deliverer);
  const server = buildServer({
    box,
    routes: allRoutes,
    pages: pageRouter(box, handles, () => base),
    base: () => base,
    log,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(options.port, host, resolve);
    });
  } catch (error) {
    store.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  base ||= url;
  box.change(() => {
    for (const hook of options.webhooks ?? []) {
      ensureEndpoint(box, { url: hook.url, secret: hook.secret, enabled_events: hook.events ?? ["*"] });
    }
  });
  // A test clock whose advance was cut short by the end of the process goes on where it was.
  handles.resumeClocks();
  deliverer.wake();
  const tick = setInterval(() => {
    try {
      box.change(() => runDue(box, null, box.now()));
    } catch (error) {
      log(`local Stripe: what fell due could not be done: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }, TICK_MS);
  tick.unref();
  return {
    url,
    port,
    control: handles,
    async close() {
      clearInterval(tick);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await deliverer.close();
      store.close();
    },
  };
}
