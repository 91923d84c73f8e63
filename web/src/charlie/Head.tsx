import type { Coat } from "./coats.ts";

export const moods = ["listening", "thinking", "answering", "puzzled", "asleep"] as const;
export type Mood = (typeof moods)[number];

const ink = "#2B2118";

/** How far the head leans, in degrees around the chin. */
const lean: Record<Mood, number> = { listening: -5, thinking: 4, answering: 0, puzzled: 13, asleep: 6 };
/** How the left and right ear are turned, in degrees around where they grow. */
const ears: Record<Mood, [number, number]> = {
  listening: [5, -5],
  thinking: [0, -9],
  answering: [9, -9],
  puzzled: [-2, -15],
  asleep: [-4, 4],
};
/** How far each brow is raised, in drawing units. */
const brows: Record<Mood, [number, number]> = {
  listening: [0, 0],
  thinking: [-2.5, -1],
  answering: [-1, -1],
  puzzled: [1, -4],
  asleep: [1.5, 1.5],
};

function Ear({ coat, turn, mirrored }: { coat: Coat; turn: number; mirrored?: boolean }) {
  return (
    <g transform={mirrored ? "translate(100 0) scale(-1 1)" : undefined}>
      <path
        transform={`rotate(${mirrored ? -turn : turn} 29 28)`}
        d="M35 21.5C27 16 14 19.5 10 32C6.500 43 6 58 11.500 65.5C16.500 72 24 66.5 26.5 57C29 47 35.5 40 35 21.5Z"
        fill={coat.shade}
      />
    </g>
  );
}

function Eye({ x, mood, lid }: { x: number; mood: Mood; lid: string }) {
  if (mood === "asleep") {
    return <path d={`M${x - 5} 48.500q5 4.5 10 0`} fill="none" stroke={lid} strokeWidth="2.6" strokeLinecap="round" />;
  }
  const up = mood === "thinking";
  return (
    <>
      <ellipse cx={x} cy="48" rx="4.4" ry="5.1" fill={ink} />
      <circle cx={x + (up ? 1.9 : 1.5)} cy={up ? 44.9 : 46} r={up ? 1.7 : 1.6} fill="#fff" />
      <circle cx={x - 1.6} cy="50.3" r="0.8" fill="#fff" opacity="0.7" />
    </>
  );
}

function Mouth({ mood }: { mood: Mood }) {
  const line = {
    fill: "none",
    stroke: ink,
    strokeWidth: 2.2,
    strokeLinecap: "round",
    strokeLinejoin: "round",
  } as const;
  if (mood === "answering") {
    return (
      <>
        <path
          d="M38 70.500C42 73.5 48 72.5 50 69C52 72.5 58 73.5 62 70.500C62 80 57 85 50 85C43 85 38 80 38 70.500Z"
          fill="#5B241E"
        />
        <path
          d="M43.5 79C43.5 75.5 47 75 50 76.200C53 75 56.5 75.5 56.5 79C56.5 86.5 54 90 50 90C46 90 43.5 86.5 43.5 79Z"
          fill="#F28B82"
        />
        <path d="M50 78.500V84.5" stroke="#D5665E" strokeWidth="1.4" strokeLinecap="round" />
        <path d="M50 65V69C48 73 42 73.5 38 70.500M50 69C52 73 58 73.5 62 70.5" {...line} />
      </>
    );
  }
  if (mood === "thinking") return <path d="M50 65V69.500C51.5 72.5 56 73.5 60 71" {...line} />;
  if (mood === "puzzled")
    return <path d="M50 65V69.500M42.5 74C45 70.5 48 70.5 50 72.500C52 74.5 55 74.5 57.5 71.5" {...line} />;
  return <path d="M50 65V69C48 73.2 42 74 39 70.200M50 69C52 73.2 58 74 61 70.2" {...line} />;
}

interface HeadProps {
  coat: Coat;
  mood: Mood;
  /** What is worn on the head or held in the mouth: leans with it. */
  worn?: React.ReactNode;
}

/** His head, 100 by 100 units: few rounded shapes, the chin at (50, 88). */
export function Head({ coat, mood, worn }: HeadProps) {
  const [leftEar, rightEar] = ears[mood];
  const [leftBrow, rightBrow] = brows[mood];
  return (
    <g transform={`rotate(${lean[mood]} 50 80)`}>
      <path
        d="M50 16C68 16 80 28.5 80.5 46C81 54 80 60 78.5 65C75.5 78 65 88 50 88C35 88 24.5 78 21.5 65C20 60 19 54 19.5 46C20 28.5 32 16 50 16Z"
        fill={coat.fur}
      />
      <path d="M50 22C55 22 56 38 58.5 54H41.5C44 38 45 22 50 22Z" fill={coat.blaze} />
      <path
        d="M50 51C61 51 72.5 58 72 71C71.5 81.5 62 88 50 88C38 88 28.5 81.5 28 71C27.5 58 39 51 50 51Z"
        fill={coat.light}
      />
      <Ear coat={coat} turn={leftEar} />
      <Ear coat={coat} turn={rightEar} mirrored />
      <ellipse
        cx="37"
        cy={38 + leftBrow}
        rx="4.2"
        ry="2.6"
        transform={`rotate(-14 37 ${38 + leftBrow})`}
        fill={coat.brow}
      />
      <ellipse
        cx="63"
        cy={38 + rightBrow}
        rx="4.2"
        ry="2.6"
        transform={`rotate(14 63 ${38 + rightBrow})`}
        fill={coat.brow}
      />
      <Eye x={36.5} mood={mood} lid={coat.lid ?? ink} />
      <Eye x={63.5} mood={mood} lid={coat.lid ?? ink} />
      <Mouth mood={mood} />
      <path
        d="M41.5 58.500C41.5 54.5 45 53.5 50 53.500C55 53.5 58.5 54.5 58.5 58.500C58.5 62.5 54 66.5 50 66.5C46 66.5 41.5 62.5 41.5 58.500Z"
        fill={ink}
      />
      <ellipse cx="47" cy="57" rx="2.6" ry="1.5" fill="#fff" opacity="0.55" transform="rotate(-12 47 57)" />
      {worn}
      {mood === "asleep" && (
        <path
          d="M86 10H94L86 19H94M98 -3H104L98 4H104"
          fill="none"
          stroke="#8A7763"
          strokeWidth="2.6"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      )}
    </g>
  );
}
