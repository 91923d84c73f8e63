import { planOf } from "@charlie/contract";

export interface Scenario {
  users: number;
  /** Per cent of them. */
  proShare: number;
  teamShare: number;
}

/** What a scenario brings in, by the catalogue's monthly prices. */
export interface Planned {
  pro: number;
  team: number;
  mrrCents: number;
}

/** People are whole: a share is rounded to the nearest number of them. */
export function plan({ users, proShare, teamShare }: Scenario): Planned {
  const pro = Math.round((users * proShare) / 100);
  const team = Math.round((users * teamShare) / 100);
  return { pro, team, mrrCents: pro * planOf("pro").monthlyCents + team * planOf("team").monthlyCents };
}

export const scenarios: readonly Scenario[] = [100, 300, 500].map((users) => ({ users, proShare: 30, teamShare: 5 }));
