import { spawn } from "node:child_process";

/** The end of the local names of the images that are tested; scripts/test-deploy.ts builds them. */
export const testTag = "test";

/** An image made from the tested one by these lines of a Dockerfile; its name. */
export const imageWith = (name: string, ...lines: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn("docker", ["build", "--quiet", "--tag", `charlie:${name}`, "-"], {
      stdio: ["pipe", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve(`charlie:${name}`) : reject(new Error(said))));
    child.stdin.end(`FROM charlie:${testTag}\nUSER root\n${lines.join("\n")}\nUSER 10001:10001\n`);
  });

/** A line for `imageWith`: one more migration, of these statements. */
export const withMigration = (sql: string): string =>
  `RUN cd server/src/db/migrations && n=$(printf %04d $(($(ls | wc -l) + 1))) && echo '${sql}' >$n-test.sql`;
