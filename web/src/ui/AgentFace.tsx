import { accessoryFor } from "../charlie/accessory-for.ts";
import { Charlie } from "../charlie/Charlie.tsx";
import { coatOf } from "../charlie/coats.ts";
import type { Mood } from "../charlie/Head.tsx";

interface AgentFaceProps {
  id: string;
  /** Words that tell his job: name, who and tricks, whatever is at hand. */
  job: string;
  mood?: Mood;
  size?: number;
}

/** The portrait of one agent: coat by its id, accessory by its job. */
export function AgentFace({ id, job, mood = "listening", size = 48 }: AgentFaceProps) {
  return <Charlie pose="portrait" coat={coatOf(id)} accessory={accessoryFor(job)} mood={mood} size={size} />;
}
