import { data } from "./data.ts";
import { documents } from "./documents.ts";
import { expert } from "./expert.ts";
import { meetings } from "./meetings.ts";
import { research } from "./research.ts";
import { sales } from "./sales.ts";
import { support } from "./support.ts";
import type { StartingPoint } from "./types.ts";
import { writing } from "./writing.ts";

export type { StartingPoint } from "./types.ts";

/** Ready-made answers to begin with. */
export const startingPoints: readonly StartingPoint[] = [
  support,
  documents,
  sales,
  expert,
  writing,
  data,
  meetings,
  research,
];
