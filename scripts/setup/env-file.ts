import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseEnv } from "node:util";

/** A file of settings that only its owner may read; what is in it is kept, comments too. */
export interface EnvFile {
  path: string;
  /** By name; empty where somebody chose to leave it out. */
  values: ReadonlyMap<string, string>;
  /** Writes a value at once, so that nothing is lost when the terminal is closed. */
  set(name: string, value: string): void;
}

/**
 * A value as both Node and docker compose read it: they differ in what they do with `$`, `#` and `\`, except in single
 * quotes. Throws where it cannot be written so.
 */
export function quoted(value: string): string {
  if (/^[\w.:/@+,=~%-]*$/.test(value)) return value;
  if (/[\n\r']/.test(value)) throw new Error("it holds a line break or a single quote, which env files cannot carry");
  return `'${value}'`;
}

/** Opens a file, which need not be there yet. */
export function openEnvFile(path: string): EnvFile {
  let text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const values = new Map(Object.entries(parseEnv(text)).map(([name, value]) => [name, value ?? ""]));
  return {
    path,
    values,
    set: (name, value) => {
      const line = `${name}=${quoted(value)}`;
      const old = new RegExp(`^(export\\s+)?${name}\\s*=.*$`, "m");
      // The last of several counts, so a value of several lines is outdone by a new line below it.
      const whole = old.test(text) && !values.get(name)?.includes("\n");
      if (whole) text = text.replace(old, () => line);
      else text = `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`;
      mkdirSync(dirname(path), { recursive: true });
      // Under its real name it is whole, whenever this is ended.
      writeFileSync(`${path}.new`, text, { mode: 0o600 });
      renameSync(`${path}.new`, path);
      values.set(name, value);
    },
  };
}
