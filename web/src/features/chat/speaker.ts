import type { Agent } from "@charlie/contract";

/** What the chat shows of an agent beside each answer. */
export interface Speaker {
  id: string;
  name: string;
  /** Words that tell his job, for the accessory he wears. */
  job: string;
}

export const speakerOf = ({ id, name, who }: Agent): Speaker => ({ id, name, job: `${name} ${who}` });
