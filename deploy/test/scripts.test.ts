import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { root } from "./engine.ts";
import { envFile, testSettings } from "./settings.ts";

/** What the scripts say to Docker, and do with what it answers; the stack tests have a real one. */
let folder: string;
let state: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "charlie-scripts-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  state = join(folder, "state");
  mkdirSync(join(folder, "bin"));
  mkdirSync(state);
  writeFileSync(join(folder, ".env.production"), envFile(testSettings("charlie.test")));
  docker("");
});

/** A docker that writes down what it is asked, and then does these lines of shell with it (in `$*`). */
const docker = (lines: string): void => program("docker", `printf '%s\\n' "$*" >>'${folder}/asked'\n${lines}`);

function program(name: string, lines: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/bash\n${lines}\n`);
  chmodSync(join(folder, "bin", name), 0o755);
}

/** All that docker was asked, without the files and settings that come first. */
const asked = (): string[] =>
  readFileSync(join(folder, "asked"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.replace(/^compose .*--profile (blue|green) (--env-file \S+ )+(-f \S+ ?)+/, "($1) "));

/** As a careful host has it: what is made is its owner's alone. */
function run(script: string, args: string[] = [], from = root, more: Record<string, string> = {}) {
  const env = {
    ...more,
    PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
    SETTINGS: join(folder, ".env.production"),
    STATE: state,
  };
  const command = ["-c", 'umask 077; exec "$@"', "bash", join(from, "deploy", script), ...args];
  const { status, stdout, stderr } = spawnSync("bash", command, { encoding: "utf8", env });
  return { status, stdout, stderr };
}

/** An image that deploy/build made, as docker tells of it. */
const image = `case "$*" in
  *Id*) echo sha256:a838a9b5f5dc0000 ;;
  *charlie.backup*) echo charlie:backup-local ;;
  *charlie.certbot*) echo charlie:certbot-local ;;`;

describe("deploy/compose", () => {
  test("counts the colour that serves to the whole, and not the other", () => {
    run("compose", ["up", "--wait"]);
    writeFileSync(join(state, "colour"), "green\n");
    run("compose", ["up", "--wait"]);
    expect(asked()).toEqual(["(blue) up --wait", "(green) up --wait"]);
  });
});

describe("the first deploy", () => {
  const id = "charlie:id-a838a9b5f5dc";
  const known = `${image}
  *" ps --all --format"*) printf '%s\\n' 'app_blue running healthy' 'migrate exited ' 'certbot running unhealthy' ;;
  *"logs --no-log-prefix --tail 20 certbot") echo "DNS problem: NXDOMAIN" ;;`;

  test("starts all of it at once, and keeps what runs and its colour where nginx can read it", () => {
    docker(`${known}\nesac`);
    const { status, stderr } = run("deploy", ["charlie:local"]);
    expect([status, stderr]).toEqual([0, expect.stringContaining("live: charlie:local (blue)")]);
    const ups = asked().filter((line) => /^\(\w+\) up /.test(line));
    expect(ups).toEqual([
      "(blue) up --detach --no-recreate --wait postgres redis nginx",
      "(blue) up --detach --wait --wait-timeout 300",
    ]);
    expect(readFileSync(join(state, "release.env"), "utf8")).toContain(`IMAGE_BLUE=${id}\n`);
    expect(readFileSync(join(state, "colour"), "utf8")).toBe("blue\n");
    expect(statSync(join(state, "colour")).mode & 0o777).toBe(0o644);
  });

  test("that fails says what ails, and the next one is the first again, with a certbot that tries at once", () => {
    docker(`${known}\n  *"up --detach --wait --wait-timeout 300") exit 1 ;;\nesac`);
    const failed = run("deploy", ["charlie:local"]);
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain("certbot is unhealthy. The end of what it says:\nDNS problem: NXDOMAIN");
    expect(failed.stderr).not.toMatch(/app_blue is|migrate is|version of before/);
    expect(existsSync(join(state, "release.env"))).toBe(false);

    // What it started serves nobody.
    docker(`${known}\n  *"--quiet app_blue") echo 0123456789 ;;\nesac`);
    expect(run("deploy", ["charlie:local"]).stderr).toContain("nothing serves: starting all of it");
    expect(run("deploy", ["charlie:local"]).stderr).toContain("starting green");
    expect(asked().filter((line) => line.includes("rm --stop --force certbot")).length).toBe(2);
  });
});

describe("a later deploy", () => {
  /** Blue serves; these lines come before what is well. */
  const serving = (lines = ""): void =>
    docker(`${image}
${lines}
  *"--quiet app_blue") echo 0123456789 ;;
esac`);

  test("that cannot ask what serves changes nothing, and the next one is no first deploy", () => {
    serving('  compose*) echo "NEW_SECRET is missing a value" >&2; exit 1 ;;');
    const { status, stderr } = run("deploy", ["charlie:local"]);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/NEW_SECRET is missing[^]*Nothing was changed/)]);
    serving();
    expect(run("deploy", ["charlie:local"]).stderr).toContain("starting green");
  });

  test("that fails while nothing runs leaves what was live before to be brought up by hand", () => {
    writeFileSync(join(state, "release.env"), "IMAGE=charlie:id-before\n");
    docker(`${image}\n  *"run --rm"*migrate) exit 1 ;;\nesac`);
    expect(run("deploy", ["charlie:local"]).status).toBe(1);
    serving();
    expect(run("deploy", ["charlie:local"]).stderr).toContain("starting green");
  });

  test("whose terminal goes away takes back what it began", () => {
    serving('  *"--wait-timeout 120 worker") kill -HUP $PPID; exit 1 ;;');
    expect(run("deploy", ["charlie:local"]).status).toBe(1);
    expect(asked().slice(-2)).toEqual([
      "(blue) up --detach --no-deps --wait worker",
      "(blue) --profile * stop --timeout 10 app_green",
    ]);
  });

  test("of the same image, as after a change of settings, leaves the version to go back to", () => {
    serving();
    writeFileSync(join(state, "previous.env"), "IMAGE=charlie:id-before\n");
    expect(run("deploy", ["charlie:local"]).stderr).toContain("live: charlie:local (green)");
    expect(readFileSync(join(state, "previous.env"), "utf8")).toBe("IMAGE=charlie:id-before\n");
  });
});

describe("a version that is not there", () => {
  test.each([
    ["is told of", 'case "$*" in "image inspect"* | pull*) exit 1 ;; esac', "there is no image charlie:lost"],
    ["has no parts", 'case "$*" in *Id*) echo sha256:a838a9b5f5dc0000 ;; esac', "does not name its image for backup"],
  ])("%s, and nothing is started", (_how, lines, words) => {
    docker(lines);
    const { status, stderr } = run("deploy", ["charlie:lost"]);
    expect([status, stderr]).toEqual([1, expect.stringContaining(words)]);
    expect(asked().filter((line) => / (up|run) /.test(line))).toEqual([]);
  });
});

describe("deploy/build", () => {
  test("names no image where one could not be built: an older one of its name would be deployed", () => {
    docker('case "$*" in *"--target app"*) exit 1 ;; esac');
    const { status, stdout } = run("build");
    expect([status, stdout]).toEqual([1, ""]);
  });

  test("without Git a version is called by what is in its files", () => {
    const copy = join(folder, "copied");
    cpSync(join(root, "deploy"), join(copy, "deploy"), { recursive: true });
    for (const each of ["contract", "server", "web", "scripts"]) mkdirSync(join(copy, each));
    writeFileSync(join(copy, "package-lock.json"), "{}");
    writeFileSync(join(copy, "deploy/.env.production"), "A=1");
    const releaseOf = (): string | undefined => {
      rmSync(join(folder, "asked"), { force: true });
      expect(run("build", [], copy).stdout).toBe("image=charlie:local\n");
      return /RELEASE=(files-[0-9a-f]{12}) /.exec(asked()[0] ?? "")?.[1];
    };
    const first = releaseOf();
    expect(first).toBeDefined();
    writeFileSync(join(copy, "deploy/.env.production"), "A=2");
    expect(releaseOf()).toBe(first);
    writeFileSync(join(copy, "server/main.ts"), "");
    expect(releaseOf()).not.toBe(first);
  });
});

test("deploy/restore in the place of what is there starts again what it stopped, without the migration's container", () => {
  // As on a host where deploys went on: no container of the migration is left, without which `compose start` refuses.
  docker(
    'case "$*" in *" ps --status running --quiet "*app_green) ;; *" ps "*) echo 0123 ;; *" start "*) exit 1 ;; esac',
  );
  writeFileSync(join(folder, "key"), "AGE-SECRET-KEY-1ABC\n");
  expect(run("restore", ["--identity", join(folder, "key"), "--overwrite"]).status).toBe(0);
  expect(asked().at(-1)).toMatch(/ up --detach --no-deps --no-recreate app_blue worker certbot backup$/);
});

describe("deploy/pitr/base-backups, with credentials that may not delete", () => {
  const refused = (path: string): string =>
    `echo 'ERROR: [039]: HTTP request failed with 403 (Forbidden):'; echo ' DELETE /backups/pitr/${path}'; exit 39`;
  const copy = (path: string) => {
    program("pgbackrest", `echo "$*" >>'${folder}/asked'; if [[ $1 == backup ]]; then ${refused(path)}; fi`);
    program("psql", `printf '%s\n' "$@" >>'${folder}/told'; echo f`);
    // It goes on for ever: the first pause ends it.
    program("sleep", "kill $PPID");
    run("pitr/base-backups");
    return { asked: asked().join("\n"), told: readFileSync(join(folder, "told"), "utf8") };
  };

  test("a copy of which only the last step was refused counts, and what is written once stays young", () => {
    const { asked: said, told } = copy("backup/charlie/latest");
    expect(said).toMatch(/backup --type=\w+\nexpire\n/);
    expect(said).toContain("repo-put --raw archive/charlie/archive.info\n");
    expect(told).not.toContain("said=");
  });

  test("another refusal is written down, its reason first", () => {
    const { asked: said, told } = copy("backup/charlie/20261129F/a");
    expect(said).not.toContain("expire");
    expect(told).toContain("said=[039]: HTTP request failed with 403");
  });
});

test("where a certificate is refused, certbot's log says why", () => {
  // certbot itself says no more than the first line where it is to be quiet.
  const why = "echo Some challenges have failed.; [[ $* == *--quiet* ]] || echo Detail: NXDOMAIN; exit 1";
  program("certbot", why);
  program("node", 'printf "%s" "$2"; exit 1');
  const { status, stdout } = run("certbot/run", ["once"], root, { ACME_EMAIL: "a", ACME_SERVER: "b", DOMAIN: "c" });
  expect([status, stdout]).toEqual([1, "Some challenges have failed.\nDetail: NXDOMAIN"]);
});
