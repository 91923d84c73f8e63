import type { ReactNode } from "react";
import type { Coat } from "./coats.ts";
import styles from "./charlie.module.css";

interface BodyProps {
  coat: Coat;
  wagging: boolean;
  children: ReactNode;
}

/** Charlie sitting, 200 by 220 units; `children` is his head, drawn into its place over the shoulders. */
export function Body({ coat, wagging, children }: BodyProps) {
  return (
    <>
      <g className={wagging ? styles["wagging"] : undefined}>
        <path
          d="M136 198C158 200 169 186 171 166C173 149 184 137 195 143C206 150 202 176 191 193C181 208 162 214 144 212Z"
          fill={coat.shade}
        />
        <path
          d="M172.5 158C175 147 185 138 195 143C203 148 203 162 198.5 176C193 168 183 160 172.5 158Z"
          fill={coat.brow}
        />
      </g>
      <path
        d="M72 80C62 100 45 150 44 184C43 204 52 212 68 212H132C148 212 157 204 156 184C155 150 138 100 128 80Z"
        fill={coat.fur}
      />
      <path d="M47 212C33 212 30 196 34 182C38 168 52 162 62 170C72 178 74 200 68 212Z" fill={coat.shade} />
      <path d="M153 212C167 212 170 196 166 182C162 168 148 162 138 170C128 178 126 200 132 212Z" fill={coat.shade} />
      <path
        d="M100 166V201M77.5 178C79 186 78.5 194 76 200M122.5 178C121 186 121.5 194 124 200"
        fill="none"
        stroke={coat.shade}
        strokeWidth="2.5"
        strokeLinecap="round"
      />
      <path
        d="M71 110C66 122 66 139 74 145C80 149.5 85 147 89 153C93 159 96 163.5 100 163.5C104 163.5 107 159 111 153C115 147 120 149.5 126 145C134 139 134 122 129 110Z"
        fill={coat.light}
      />
      <ellipse cx="86.5" cy="206" rx="14.5" ry="9" fill={coat.light} />
      <ellipse cx="113.5" cy="206" rx="14.5" ry="9" fill={coat.light} />
      <ellipse cx="48" cy="209" rx="17" ry="7.5" fill={coat.light} />
      <ellipse cx="152" cy="209" rx="17" ry="7.5" fill={coat.light} />
      {children}
    </>
  );
}
