import type { ReactNode } from "react";
import type { Accessory } from "./accessory-for.ts";

const line = { fill: "none", strokeLinecap: "round", strokeLinejoin: "round" } as const;

/** What he carries or has beside him, each in 40 by 40 units. */
export const carried: Partial<Record<Accessory, ReactNode>> = {
  briefcase: (
    <g>
      <path d="M14 12V8C14 5 26 5 26 8V12" {...line} stroke="#5A3726" strokeWidth="3" />
      <rect x="2" y="11" width="36" height="25" rx="4.5" fill="#9A6236" />
      <path d="M2 20H38V15.5C38 13 36 11 33.5 11H6.5C4 11 2 13 2 15.5Z" fill="#7F4E2B" />
      <rect x="16.5" y="17.5" width="7" height="7" rx="2" fill="#F2C75B" />
    </g>
  ),
  megaphone: (
    <g transform="rotate(-14 20 20)">
      <path d="M9 25L12 37H18L16.5 26Z" fill="#2F5D73" />
      <path d="M4 14.5H13V26H4C0.5 26 0.5 14.5 4 14.5Z" fill="#2F5D73" />
      <path d="M12 14.5L33 4.5V36L12 26Z" fill="#E5604C" />
      <path d="M32 3C37 3 37 37.5 32 37.5C29 37.5 29 3 32 3Z" fill="#F7D9C8" />
    </g>
  ),
  calculator: (
    <g>
      <rect x="6" y="1" width="28" height="38" rx="4.5" fill="#3C5A6B" />
      <rect x="10" y="5.5" width="20" height="9" rx="2" fill="#DCEBC2" />
      {[19, 25.5, 32].flatMap((y) =>
        [10, 17.5, 25].map((x) => (
          <rect key={`${x} ${y}`} x={x} y={y} width="5" height="4.5" rx="1.5" fill={x === 25 ? "#F2B632" : "#fff"} />
        )),
      )}
    </g>
  ),
  calendar: (
    <g>
      <rect x="3" y="5" width="34" height="33" rx="4.5" fill="#fff" stroke="#D8C8B4" strokeWidth="1.2" />
      <path d="M3 15V9.5C3 7 5 5 7.5 5H32.5C35 5 37 7 37 9.5V15Z" fill="#C6413B" />
      <path d="M12 2V8M28 2V8" {...line} stroke="#5A3726" strokeWidth="3" />
      <path d="M12.5 26L18 31.5L28 20.5" {...line} stroke="#446119" strokeWidth="4" />
    </g>
  ),
  book: (
    <g transform="rotate(-6 20 20)">
      <path
        d="M20 9C15 5 8 5 2 6.5V33C8 31.5 15 31.5 20 35.5C25 31.5 32 31.5 38 33V6.5C32 5 25 5 20 9Z"
        fill="#345E63"
      />
      <path
        d="M20 11C15.5 7.5 10 7.5 5 8.5V30C10 29 15.5 29.5 20 32.5C24.5 29.5 30 29 35 30V8.5C30 7.5 24.5 7.5 20 11Z"
        fill="#fff"
      />
      <path
        d="M20 11V32M9.5 14.5C12 14.3 14 14.8 16 15.8M9.5 20C12 19.8 14 20.3 16 21.3M30.5 14.5C28 14.3 26 14.8 24 15.8M30.5 20C28 19.8 26 20.3 24 21.3"
        {...line}
        stroke="#B4A38F"
        strokeWidth="1.6"
      />
    </g>
  ),
  shoppingBag: (
    <g>
      <path d="M13 16V10C13 2 27 2 27 10V16" {...line} stroke="#2B2118" strokeWidth="2.6" />
      <path d="M5 12H35L38 35C38.2 37.5 36.5 39 34.5 39H5.5C3.5 39 1.8 37.5 2 35Z" fill="#D9E76C" />
      <path
        d="M20 32C14.5 28 12 25.5 12 22.5C12 18.5 18 18 20 21.8C22 18 28 18.5 28 22.5C28 25.5 25.5 28 20 32Z"
        fill="#C2410C"
      />
    </g>
  ),
  wrench: (
    <g transform="rotate(38 20 20)">
      <path d="M15.5 18H24.5V35C24.5 41 15.5 41 15.5 35Z" fill="#7E8A92" />
      <path d="M15-1.5V7.5L20 10.5L25 7.5V-1.5C34 2 34 17 25 20H15C6 17 6 2 15-1.5Z" fill="#A3AEB5" />
      <circle cx="20" cy="34.5" r="2" fill="#56616A" />
    </g>
  ),
};
