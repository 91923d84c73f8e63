#!/usr/bin/env node
// The local Stripe on its own: stripe-sandbox [--port 4242] [--host 127.0.0.1] [--data file] [--public-url url]
//   [--webhook url --secret whsec_…]
import { parseArgs } from "node:util";
import { startStripeSandbox } from "./index.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "4242" },
      host: { type: "string", default: "127.0.0.1" },
      data: { type: "string" },
      "public-url": { type: "string" },
      webhook: { type: "string" },
      secret: { type: "string" },
    },
  });
  if (!values.webhook !== !values.secret) throw new Error("--webhook and --secret go together.");
  const sandbox = await startStripeSandbox({
    port: Number(values.port),
    host: values.host,
    log: say,
    ...(values.data && { dataFile: values.data }),
    ...(values["public-url"] && { publicUrl: values["public-url"] }),
    ...(values.webhook && values.secret && { webhooks: [{ url: values.webhook, secret: values.secret }] }),
  });
  say(`The local Stripe listens on ${sandbox.url}`);
  say(`Control page: ${sandbox.url}/sandbox`);
  say(`new Stripe("sk_test_sandbox", { host: "${values.host}", port: ${sandbox.port}, protocol: "http" })`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
  }
} catch (error) {
  process.stderr.write(`stripe-sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
