/**
 * What may be told about an error outside the house. An error's message can hold anything: what somebody wrote, a key,
 * an address. So none is ever passed on as it is; only these fixed words of the engines are, where they stand in it.
 */
const known = [
  /Cannot (?:read|set) properties of (?:null|undefined)/,
  /(?:null|undefined) is not an object/,
  /is not (?:a function|a constructor|iterable|defined)/,
  /Assignment to constant variable/,
  /Maximum call stack size exceeded|too much recursion/,
  /Invalid (?:array length|string length|time value|date|URL)/,
  /is not valid JSON|Unexpected end of JSON input|JSON Parse error/,
  /Minified React error #\d{1,4}/,
  /Hydration failed/,
  /Failed to fetch dynamically imported module|Importing a module script failed/,
  /fetch failed|Failed to fetch|Load failed|NetworkError/,
];

/** Fields that libraries set to names of their own: an SQLSTATE, a constraint, a status. */
const fields = ["code", "status", "statusCode", "constraint", "table", "routine"];

/** An error without its message. */
export interface Tellable {
  /** The name of its class. */
  type: string;
  /** Fixed words and names of fields, such as `23505 agents_pkey`; often empty. */
  words: string;
  /** The frames of its stack, a line each, in the engine's own spelling. */
  stack: string;
}

/** Names as programs have them, `ECONNREFUSED` or `agents_pkey`: no digits beside small letters, as keys have. */
const isName = (value: unknown): boolean =>
  typeof value === "number" || (typeof value === "string" && /^(?:[A-Za-z_]{1,63}|[A-Z0-9_]{1,63})$/.test(value));

function wordsOf(error: Error): string {
  const fixed = known.map((words) => words.exec(error.message)?.[0]).find((found) => found !== undefined);
  const named = fields.map((field): unknown => Reflect.get(error, field)).filter(isName);
  return [...(fixed === undefined ? [] : [fixed]), ...named].join(" ");
}

/** V8 writes the message above the frames, and a message may have lines that look like frames. Other engines write frames alone. */
function stackOf({ stack = "", message }: Error): string {
  const lines = (text: string): string => text.split("\n").slice(1).join("\n");
  const at = stack.indexOf(message);
  if (at >= 0) return lines(stack.slice(at + message.length));
  return /^\s+at /m.test(stack) ? "" : stack;
}

function nameOf(error: Error): string {
  const name = error.name === "Error" ? error.constructor.name : error.name;
  return isName(name) ? name : "Error";
}

/** What may be told about whatever was thrown, and about what caused it: the last one first. */
export function tellable(thrown: unknown): Tellable[] {
  const told: Tellable[] = [];
  for (
    let next = thrown;
    next !== undefined && told.length < 5;
    next = next instanceof Error ? next.cause : undefined
  ) {
    told.push(
      next instanceof Error
        ? { type: nameOf(next), words: wordsOf(next), stack: stackOf(next) }
        : { type: typeof next, words: "", stack: "" },
    );
  }
  return told;
}
