import { useId } from "react";
import type { Accessory } from "./accessory-for.ts";
import { Body } from "./Body.tsx";
import { carried } from "./Carried.tsx";
import { type Coat, type CoatName, coats } from "./coats.ts";
import styles from "./charlie.module.css";
import { Head, type Mood } from "./Head.tsx";
import { onHead, onNeck } from "./Worn.tsx";

interface CharlieProps {
  /** Default golden; an agent's is `coatOf(agent.id)`. */
  coat?: CoatName;
  /** An agent's is `accessoryFor(agent.who)`. */
  accessory?: Accessory;
  mood?: Mood;
  /** `head` is square; `portrait` too, on a coloured disc; `sitting` is an eighth taller than wide. */
  pose?: "head" | "portrait" | "sitting";
  /** Width in pixels. */
  size?: number;
  /** Moves his tail (sitting only), for waiting; keeps still for people who asked for less motion. */
  wagging?: boolean;
  /** What a screen reader says. Without one he is decoration. */
  title?: string;
}

function Collar() {
  return (
    <>
      <path d="M23 78C33 91 67 91 77 78L79.5 84C70 98.5 30 98.5 20.5 84Z" fill="#C2410C" />
      <circle cx="50" cy="97" r="6.5" fill="#D9E76C" />
    </>
  );
}

/** Neck and shoulders, for a portrait: its disc cuts them off. */
function Shoulders({ coat }: { coat: Coat }) {
  return (
    <>
      <path d="M25 74C20 92 10 98 4 112H96C90 98 80 92 75 74Z" fill={coat.fur} />
      <path d="M31 88C31 104 40 112 50 112C60 112 69 104 69 88Z" fill={coat.light} />
    </>
  );
}

/** Charlie the retriever, drawn by us: the same few shapes as avatar, empty state, loading, icon and share picture. */
export function Charlie(props: CharlieProps) {
  const { accessory = "none", mood = "listening", pose = "head", size = 48, wagging = false, title } = props;
  const coat = coats[props.coat ?? "golden"];
  const clip = useId();
  const naming = title ? ({ role: "img", "aria-label": title } as const) : { "aria-hidden": true };
  const head = <Head coat={coat} mood={mood} worn={onHead[accessory]} />;
  const neck = onNeck[accessory] ?? <Collar />;
  const thing = carried[accessory];
  if (pose === "sitting") {
    return (
      <svg className={styles["drawing"]} width={size} height={size * 1.126} viewBox="0 -12 206 232" {...naming}>
        <Body coat={coat} wagging={wagging}>
          <g transform="translate(34 -6) scale(1.32)">
            {neck}
            {head}
          </g>
          {thing && <g transform="translate(4 150) scale(1.45)">{thing}</g>}
        </Body>
      </svg>
    );
  }
  const thingBeside = thing && <g transform="translate(59 57) scale(1.05)">{thing}</g>;
  if (pose === "head") {
    return (
      <svg className={styles["drawing"]} width={size} height={size} viewBox="-3 -2 106 106" {...naming}>
        {onNeck[accessory]}
        {head}
        {thingBeside}
      </svg>
    );
  }
  return (
    <svg className={styles["drawing"]} width={size} height={size} viewBox="-8 -9 116 116" {...naming}>
      <clipPath id={clip}>
        <path d="M-8-30H108V49A58 58 0 0 1-8 49Z" />
      </clipPath>
      <circle cx="50" cy="49" r="58" fill={coat.disc} />
      <g clipPath={`url(#${clip})`}>
        <Shoulders coat={coat} />
        {neck}
        {head}
      </g>
      {thingBeside}
    </svg>
  );
}
