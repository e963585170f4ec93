/** Where things stand in the charts. Pure. Scales always contain zero, so bars are never cut off. */
import type {Estimate} from './types';

export type Tone = 'helps' | 'hurts' | 'none' | 'unknown';

/** The colour follows the numbers, not the word: an interval that contains zero shows no effect. */
export function tone(difference: Estimate | null): Tone {
  if (difference === null) return 'unknown';
  if (difference.low > 0) return 'helps';
  if (difference.high < 0) return 'hurts';
  return 'none';
}

export interface Scale {from: number; to: number; at: (value: number) => number}

/** From values to pixels 0…width, with a little air, zero included. */
export function scale(values: readonly number[], width: number, air = 0.08): Scale {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = high - low || 1;
  const from = low < 0 ? low - span * air : 0;
  const to = high > 0 ? high + span * air : 0;
  const whole = to - from || 1;
  return {from, to, at: (value) => (value - from) / whole * width};
}
