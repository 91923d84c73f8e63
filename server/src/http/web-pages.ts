import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import { clientDir, fillPage, notFoundPage, pageFor, type Contact, type Reports } from "@charlie/web/pages.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendNotFound } from "./problem.ts";
import type { AuthenticateOperator } from "./route.ts";

/** The operator's pages are there for operators only. */
const isOperators = (path: string): boolean => path === "/admin" || path.startsWith("/admin/");

/** Whether this decoded path is a template of a page or a source map, in whatever spelling. */
const isPageFile = (path: string): boolean => /\.(html|map)$/i.test(path);

/** Sends the built web pages: hashed assets to keep for ever, pages with this request's nonce, 404 for anything else. */
export async function useWebPages(
  app: FastifyInstance,
  {
    publicUrl,
    operator,
    contact,
    reports,
  }: { publicUrl: string; operator: AuthenticateOperator; contact: Contact; reports: Reports },
): Promise<void> {
  const { origin } = new URL(publicUrl);
  if (!existsSync(join(clientDir, "app.html"))) {
    app.log.warn("the web pages are not built; only the HTTP interface answers");
    app.setNotFoundHandler(sendNotFound);
    return;
  }
  await app.register(fastifyStatic, {
    root: clientDir,
    wildcard: true,
    // The page files themselves have no address of their own: without a nonce they would not work.
    allowedPath: (path) => !isPageFile(path),
    index: false,
    cacheControl: false,
    setHeaders: (response, path) => {
      const forEver = path.startsWith(join(clientDir, "assets"));
      response.setHeader("Cache-Control", forEver ? "public, max-age=31536000, immutable" : "public, max-age=3600");
    },
  });
  const read = new Map<string, string>();
  const page = (file: string): string => {
    const html = read.get(file) ?? readFileSync(join(clientDir, file), "utf8");
    read.set(file, html);
    return html;
  };
  const send = (request: FastifyRequest, reply: FastifyReply, file: string): FastifyReply =>
    reply
      .type("text/html; charset=utf-8")
      .header("Cache-Control", "no-store")
      .send(fillPage(page(file), { nonce: request.nonce, origin, reports, ...contact }));
  const sendMissing = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const reading =
      request.method === "GET" && request.headers.accept?.includes("text/html") && !request.url.startsWith("/api/");
    return reading ? send(request, reply.status(404), notFoundPage.file) : sendNotFound(request, reply);
  };
  const mayOpen = async (request: FastifyRequest): Promise<boolean> => {
    try {
      return (await operator(request)) !== null;
    } catch {
      // Not signed in; or the database is away, and nothing can be shown anyway.
      return false;
    }
  };
  app.addHook("onRequest", async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.method !== "GET" && request.method !== "HEAD") return;
    const path = request.url.split("?")[0] ?? "/";
    const file = pageFor(path);
    if (file && (!isOperators(path) || (await mayOpen(request)))) return send(request, reply, file);
    // Folders have no address of their own either, and NUL is in no name.
    // It can be decoded: `readableUrl` saw to it.
    const meant = decodeURIComponent(path);
    if (file || isPageFile(meant) || meant.endsWith("/") || meant.includes("\0")) return sendMissing(request, reply);
  });
  app.setNotFoundHandler(sendMissing);
}
