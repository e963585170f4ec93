/** `/v1/reports`. Differences and rates are shares (0.031 = 31 per 1,000); incremental is a number of outcomes. */
export interface Estimate {estimate: number; low: number; high: number}

export interface MomentReport {
  moment: string;
  verdict: string;
  says: string;
  window: {from: string; to: string};
  arms: {arm: string; visitors: number; outcomes: number; rate: number}[];
  difference: Estimate | null;
  attributed: number;
  incremental: Estimate | null;
}

export interface Reports {moments: MomentReport[]; simulated: boolean}
