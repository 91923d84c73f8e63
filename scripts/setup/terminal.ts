import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Somebody who answers. */
export interface Human {
  /** What was typed, without spaces around it. `secret`: not shown. */
  ask(words: string, secret?: boolean): Promise<string>;
  say(words: string): void;
}

/** Whoever sits at the terminal. Ctrl-C and Ctrl-D end the program; what was answered is kept by then. */
export function atTerminal(): Human & { close(): void } {
  let hidden = false;
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!hidden) process.stdout.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  let over = false;
  const leave = (): void => {
    if (over) return;
    process.stdout.write("\nWhat you gave is kept. Run it again to go on.\n");
    process.exit(1);
  };
  lines.on("SIGINT", leave);
  lines.on("close", leave);
  // Lines that were typed or pasted ahead wait for their question.
  const typed: string[] = [];
  let heard: ((line: string) => void) | null = null;
  lines.on("line", (line) => (heard ? heard(line) : typed.push(line)));
  const nextLine = (): Promise<string> =>
    new Promise((resolve) => {
      heard = (line) => {
        heard = null;
        resolve(line);
      };
      const [first] = typed.splice(0, 1);
      if (first !== undefined) heard(first);
    });
  return {
    ask: async (words, secret = false) => {
      lines.setPrompt(`${words}: `);
      lines.prompt();
      hidden = secret;
      try {
        return (await nextLine()).trim();
      } finally {
        hidden = false;
        if (secret) process.stdout.write("\n");
      }
    },
    say: (words) => void process.stdout.write(`${words}\n`),
    close: () => {
      over = true;
      lines.close();
    },
  };
}
