import type { Answers } from "@charlie/contract";
import type { Accessory } from "../../../charlie/accessory-for.ts";

/** Three answers that are whole already; what differs from business to business stands in [square brackets]. */
export interface StartingPoint extends Answers {
  id: string;
  title: string;
  /** Whom it is for, in a few words. */
  pitch: string;
  accessory: Accessory;
  /** Questions that its tricks answer, for the preview. */
  questions: readonly string[];
}
