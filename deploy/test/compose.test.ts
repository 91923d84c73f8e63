import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { environment, neededInProduction } from "../../server/src/settings.ts";

interface Service {
  image: string;
  user?: string;
  restart?: string;
  init?: boolean;
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  privileged?: boolean;
  security_opt?: string[];
  tmpfs?: string[];
  ports?: string[];
  volumes?: string[];
  networks: string[] | Record<string, unknown>;
  environment?: Record<string, string | null>;
  env_file?: unknown;
  logging?: { driver: string; options: Record<string, string> };
  mem_limit?: string;
  cpus?: number;
  pids_limit?: number;
  stop_grace_period?: string;
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  profiles?: string[];
}

const text = readFileSync(join(import.meta.dirname, "../compose.prod.yml"), "utf8");
const { services, networks } = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
};
const networksOf = (service: Service): string[] =>
  Array.isArray(service.networks) ? service.networks : Object.keys(service.networks);
const ours = ["app_blue", "app_green", "worker", "migrate", "certbot", "backup", "doctor"];
const all = Object.entries(services);

test("these are the services", () => {
  expect(Object.keys(services).toSorted()).toEqual([...ours, "nginx", "postgres", "redis"].toSorted());
});

describe.each(all)("%s", (name, service) => {
  test("has bounds: memory, processors, processes, the size of its log", () => {
    expect(service.mem_limit).toMatch(/^\d+m$/);
    expect(service.cpus).toBeGreaterThan(0);
    expect(service.pids_limit).toBeGreaterThan(0);
    expect(service.logging).toEqual({ driver: "json-file", options: { "max-size": "10m", "max-file": "3" } });
  });

  test("is looked after: its health, and started again", () => {
    if (["migrate", "doctor"].includes(name))
      expect([service.restart, service.healthcheck]).toEqual(["no", { disable: true }]);
    else {
      expect(service.restart).toBe("unless-stopped");
      expect(service.healthcheck?.test?.length).toBeGreaterThan(1);
    }
  });

  test("can do no more than it needs", () => {
    expect(service.init).toBe(true);
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(["ALL"]);
    expect(service.security_opt).toEqual(["no-new-privileges:true"]);
    expect(service.privileged).toBeUndefined();
    expect(service.tmpfs?.every((mount) => /:size=\d+m/.test(mount))).toBe(true);
    expect((service.volumes ?? []).filter((mount) => mount.includes("docker.sock"))).toEqual([]);
  });

  test("is nobody in particular, or says which right it needs to become so", () => {
    const added = {
      postgres: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"],
      redis: ["KILL", "SETGID", "SETUID"],
    };
    if (name in added) expect(service.cap_add).toEqual(added[name as keyof typeof added]);
    else {
      expect(service.cap_add).toBeUndefined();
      expect(Number(service.user?.split(":")[0])).toBeGreaterThanOrEqual(10_001);
    }
  });

  test("gets its settings by name, and all secrets have to be there", () => {
    expect(service.env_file).toBeUndefined();
    for (const [variable, value] of Object.entries(service.environment ?? {})) {
      if (!/PASSWORD|AUTH$|_SECRET|SECRET_|_KEY$|DATABASE_URL|REDIS_URL/.test(variable)) continue;
      // Without a value: an outside service that need not be there.
      if (value !== null) expect([variable, value]).toEqual([variable, expect.stringContaining(":?}")]);
    }
  });
});

test("each colour is part of the whole only while it serves: deploy/compose knows which one does", () => {
  expect([services["app_blue"]!.profiles, services["app_green"]!.profiles]).toEqual([["blue"], ["green"]]);
});

test("only nginx can be reached from outside", () => {
  expect(all.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual(["nginx"]);
});

test("PostgreSQL and Redis are on the network without a way in or out, and on no other", () => {
  expect(networks["data"]?.internal).toBe(true);
  for (const name of ["postgres", "redis"]) expect(networksOf(services[name]!)).toEqual(["data"]);
  expect(networksOf(services["nginx"]!)).toEqual(["front"]);
});

test("whoever uses the database or Redis can reach managed ones too, outside of this host", () => {
  for (const [name, service] of all) {
    if (!("DATABASE_URL" in (service.environment ?? {}))) continue;
    const ways = networksOf(service).filter((network) => networks[network]?.internal !== true);
    expect(ways.length, name).toBeGreaterThan(0);
  }
});

test("the app believes nginx's address about who asks, and no other", () => {
  const front = services["nginx"]!.networks as Record<string, { ipv4_address: string }>;
  for (const name of ["app_blue", "app_green"]) {
    expect(services[name]!.environment?.["TRUSTED_PROXIES"]).toBe(front["front"]?.ipv4_address);
  }
});

test("app and worker begin once the database is migrated; their longest answer may end", () => {
  for (const name of ["app_blue", "app_green", "worker"]) {
    expect(services[name]!.depends_on?.["migrate"]).toEqual({ condition: "service_completed_successfully" });
    expect(Number.parseInt(services[name]!.stop_grace_period ?? "", 10)).toBeGreaterThanOrEqual(330);
  }
});

test("the app is given every setting that there is", () => {
  const given = Object.keys(services["app_blue"]!.environment ?? {});
  // What the image settles, and what is the backup's alone.
  const others = /^(NODE_ENV|PORT|HOST|CHARLIE_DATA_DIR|RELEASE)$|^BACKUP_/;
  expect(given.toSorted()).toEqual(
    Object.keys(environment.shape)
      .filter((name) => !others.test(name))
      .toSorted(),
  );
  for (const name of neededInProduction) expect(services["app_blue"]!.environment?.[name]).toContain(":?}");
});
