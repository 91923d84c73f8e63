import type { ReactNode } from "react";
import type { Accessory } from "./accessory-for.ts";

const line = { fill: "none", strokeLinecap: "round", strokeLinejoin: "round" } as const;

/** What sits on the head or in the mouth, in the head's own 100 by 100 units. */
export const onHead: Partial<Record<Accessory, ReactNode>> = {
  headset: (
    <g>
      <path d="M14 50C12 24 28 9 50 9C72 9 88 24 86 50" {...line} stroke="#2F5D73" strokeWidth="5.5" />
      <path d="M15 62C16 75 24 82 33 82" {...line} stroke="#2F5D73" strokeWidth="3.2" />
      <rect x="7" y="42" width="15" height="24" rx="7.5" fill="#3E7B94" />
      <rect x="78" y="42" width="15" height="24" rx="7.5" fill="#3E7B94" />
      <ellipse cx="35" cy="82" rx="5" ry="3.6" fill="#2B2118" />
    </g>
  ),
  chefHat: (
    <g>
      <path
        d="M31 13C19 14 17 0 29-1C33-8 45-9 50-4C55-9 67-8 71-1C83 0 81 14 69 13L68 26C57 22 43 22 32 26Z"
        fill="#fff"
        stroke="#DCCDB9"
        strokeWidth="1.4"
      />
      <path d="M31.5 19.5C43 15.5 57 15.5 68.5 19.5L68 27C57 23 43 23 32 27Z" fill="#E9DDCB" />
      <path d="M42 12V6M50 11V4M58 12V6" {...line} stroke="#DCCDB9" strokeWidth="1.6" />
    </g>
  ),
  glasses: (
    <g>
      <circle cx="36" cy="48" r="11" fill="#fff" fillOpacity="0.2" stroke="#7A2C3B" strokeWidth="3.2" />
      <circle cx="64" cy="48" r="11" fill="#fff" fillOpacity="0.2" stroke="#7A2C3B" strokeWidth="3.2" />
      <path d="M46.5 46C48.5 44 51.5 44 53.5 46M25 46L20 44M75 46L80 44" {...line} stroke="#7A2C3B" strokeWidth="3.2" />
    </g>
  ),
  pencil: (
    <g transform="rotate(-9 50 73)">
      <rect x="22" y="69.5" width="50" height="8" fill="#F2B632" />
      <rect x="22" y="73.5" width="50" height="4" fill="#DB9C1F" />
      <path d="M24 69.5H21C17 69.5 17 77.5 21 77.5H24Z" fill="#EE8C84" />
      <rect x="23" y="69.5" width="5" height="8" fill="#B9BFC4" />
      <path d="M72 69.5L84 73.5L72 77.5Z" fill="#F7DFB8" />
      <path d="M80 72.2L84.5 73.5L80 74.8Z" fill="#2B2118" />
    </g>
  ),
  hardHat: (
    <g>
      <path d="M23 27C22 8 34-3 50-3C66-3 78 8 77 27Z" fill="#F2B632" />
      <path d="M44-3H56L57.5 27H42.5Z" fill="#F8CF6B" />
      <rect x="15" y="22" width="70" height="8" rx="4" fill="#DB9C1F" />
    </g>
  ),
  mortarboard: (
    <g>
      <path d="M29 13V26C40 32 60 32 71 26V13Z" fill="#22304D" />
      <path d="M50-5L91 10L50 24L9 10Z" fill="#34486F" />
      <path d="M50 10L82 14V30" {...line} stroke="#D9E76C" strokeWidth="2.4" />
      <path d="M79 29H85L86 38H78Z" fill="#D9E76C" />
    </g>
  ),
  magnifier: (
    <g>
      <path d="M74 59L86 73" {...line} stroke="#7A4A23" strokeWidth="6.5" />
      <circle cx="64" cy="48" r="14" fill="#DDF1F5" />
      <ellipse cx="64" cy="48" rx="7" ry="8" fill="#2B2118" />
      <circle cx="67" cy="44.5" r="2.8" fill="#fff" />
      <path d="M55 44C56 40 59 38 62 37.5" {...line} stroke="#fff" strokeWidth="2.2" />
      <circle cx="64" cy="48" r="14" fill="none" stroke="#5E7D8A" strokeWidth="4" />
    </g>
  ),
  beret: (
    <g>
      <path d="M52-3L55-8" {...line} stroke="#5B2140" strokeWidth="3.5" />
      <path d="M20 24C12 12 26-4 50-4C76-4 92 10 84 21C78 28 66 22 50 22C38 22 26 30 20 24Z" fill="#8C3462" />
      <path d="M26 25C38 19 62 19 76 23" {...line} stroke="#6B2549" strokeWidth="4" />
    </g>
  ),
  strawHat: (
    <g>
      <ellipse cx="50" cy="23" rx="47" ry="9" fill="#E2BC6B" />
      <path d="M27 22C27 5 34-4 50-4C66-4 73 5 73 22C60 27 40 27 27 22Z" fill="#F0D08B" />
      <path d="M27 17C40 22 60 22 73 17V23C60 28 40 28 27 23Z" fill="#C2410C" />
    </g>
  ),
  flower: (
    <g transform="translate(76 24)">
      <path d="M-2 8C-10 10-14 16-13 20C-6 20-1 16-2 8Z" fill="#6F9A45" />
      {[0, 72, 144, 216, 288].map((turn) => (
        <ellipse key={turn} cx="0" cy="-8" rx="6" ry="7.5" transform={`rotate(${turn})`} fill="#F08AA0" />
      ))}
      <circle r="5" fill="#F8D25C" />
    </g>
  ),
};

/** What hangs around the neck, in the head's units: the collar's middle is at (50, 92). */
export const onNeck: Partial<Record<Accessory, ReactNode>> = {
  stethoscope: (
    <g>
      <path d="M24 80C22 95 33 102 50 102C67 102 78 95 76 80" {...line} stroke="#33576F" strokeWidth="4.5" />
      <circle cx="50" cy="103" r="9.5" fill="#33576F" />
      <circle cx="50" cy="103" r="6" fill="#D5DEE3" />
    </g>
  ),
  bowTie: (
    <g>
      <path d="M50 95C44 87 34 85 31 88C28 92 28 100 31 104C34 107 44 103 50 95Z" fill="#4B4A9C" />
      <path d="M50 95C56 87 66 85 69 88C72 92 72 100 69 104C66 107 56 103 50 95Z" fill="#4B4A9C" />
      <rect x="45" y="90" width="10" height="10.5" rx="4" fill="#35347A" />
    </g>
  ),
};
