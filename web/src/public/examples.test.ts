import { expect, test } from "vitest";
import { accessoryFor } from "../charlie/accessory-for.ts";
import { examples } from "./examples.ts";

test.each(examples)("$label: the reason was taught, and he is dressed as the app would dress him", (example) => {
  expect([example.who, example.rules, example.tricks].join(" ")).toContain(example.because);
  expect(accessoryFor(`${example.who} ${example.tricks}`)).toBe(example.accessory);
});
