/** `/v1/reports`. Differences and rates are shares (0.031 = 31 per 1,000); incremental is a number of outcomes. */
export interface Estimate {estimate: number; low: number; high: number}

/** `provisional`: those whose goal's time is not over; they are not in `visitors` yet. */
export interface Arm {arm: string; visitors: number; outcomes: number; rate: number; provisional: {visitors: number; outcomes: number}}

/** Null while a moment was met by too few to tell anything of them. */
export interface Window {from: string | null; to: string | null}

export interface MomentReport {
  moment: string;
  verdict: string;
  says: string;
  window: Window;
  arms: Arm[];
  difference: Estimate | null;
  attributed: number;
  incremental: Estimate | null;
}

export interface Reports {moments: MomentReport[]; simulated: boolean}
