/** A browser's worth of HTTP: cookies kept, our own Origin sent, JSON in and out. */
export interface Answer<T> {
  status: number;
  body: T;
  headers: Headers;
}

type Call = <T = unknown>(path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer<T>>;

export interface Client {
  url: string;
  userId: string;
  workspaceId: string;
  email: string;
  cookie: string;
  get: Call;
  post: Call;
  put: Call;
  patch: Call;
  delete: Call;
  /** The raw response, for streams. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Response>;
}

/** A client of the app at `url`; without a cookie it is nobody. */
export function makeClient(url: string): Client {
  const client: Client = {
    url,
    userId: "",
    workspaceId: "",
    email: "",
    cookie: "",
    send: async (method, path, body, headers = {}, signal) => {
      const response = await fetch(`${url}${path}`, {
        method,
        redirect: "manual",
        headers: {
          origin: url,
          ...(client.cookie === "" ? {} : { cookie: client.cookie }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
      const set = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
      if (set.length > 0) client.cookie = set.join("; ");
      return response;
    },
    get: (path, _body, headers) => call(client, "GET", path, undefined, headers),
    post: (path, body, headers) => call(client, "POST", path, body, headers),
    put: (path, body, headers) => call(client, "PUT", path, body, headers),
    patch: (path, body, headers) => call(client, "PATCH", path, body, headers),
    delete: (path, body, headers) => call(client, "DELETE", path, body, headers),
  };
  return client;
}

async function call<T>(
  client: Client,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await client.send(method, path, body, { accept: "application/json", ...headers });
  const text = await response.text();
  const json = /json/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, body: (json ? JSON.parse(text) : text) as T, headers: response.headers };
}
