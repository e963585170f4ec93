/** Two small drawings with direct labels, a zero line, and the same facts in words. */
import {useSyncExternalStore} from 'react';
import type {Words} from '../words';
import {whole} from '../words/say';
import {scale, tone} from './scale';
import type {Estimate} from './types';

const WIDE = 520;
/** On a phone the drawing is made narrower instead of being shrunk, so that its text stays readable. */
const NARROW = 310;

function useWidth(): number {
  const narrow = useSyncExternalStore(watch, () => matchMedia(PHONE).matches);
  return narrow ? NARROW : WIDE;
}

const PHONE = '(max-width: 560px)';
function watch(changed: () => void): () => void {
  const query = matchMedia(PHONE);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** The estimate with its interval against "no effect". */
export function Interval({difference, label, zero}: {difference: Estimate; label: string; zero: string}) {
  const width = useWidth();
  const s = scale([difference.low, difference.high], width - 40, 0.25);
  const x = (value: number): number => 20 + s.at(value);
  const middle = (x(difference.low) + x(difference.high)) / 2;
  const labelAt = Math.min(Math.max(middle, 120), width - 120);
  const zeroAt = Math.min(Math.max(x(0), 46), width - 46);
  return (
    <svg className={`chart chart-${tone(difference)}`} viewBox={`0 0 ${width} 92`} role="img" aria-label={label}>
      <line className="zero" x1={x(0)} y1="28" x2={x(0)} y2="72" />
      <text className="soft" x={zeroAt} y="88" textAnchor="middle">{zero}</text>
      <rect className="range" x={x(difference.low)} y="40" width={Math.max(2, x(difference.high) - x(difference.low))} height="20" rx="4" />
      <line className="point" x1={x(difference.estimate)} y1="36" x2={x(difference.estimate)} y2="64" />
      <text x={labelAt} y="22" textAnchor="middle">{label}</text>
    </svg>
  );
}

const NAME = 158;

/** What last click credits, beside what happened because of the message. */
export function BothBars({attributed, incremental, w}: {attributed: number; incremental: Estimate | null; w: Words}) {
  const width = useWidth();
  const beside = width === WIDE;
  const left = beside ? NAME : 0;
  const [first, second, height] = beside ? [15, 49, 92] : [22, 72, 118];
  const values = [attributed, ...(incremental ? [incremental.low, incremental.high] : [])];
  const s = scale(values, width - left - 125, 0);
  const x = (value: number): number => left + s.at(value);
  const bar = (value: number) => ({x: Math.min(x(0), x(value)), width: Math.max(2, Math.abs(x(value) - x(0)))});
  const text = incremental ? `${whole(w, incremental.estimate)} (${whole(w, incremental.low)} ${w.to} ${whole(w, incremental.high)})` : w.unknownYet;
  const end = incremental ? Math.max(x(incremental.high), x(0)) : x(0);
  const name = (y: number): number => beside ? y + 16 : y - 7;
  return (
    <svg className="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${w.lastClick}: ${whole(w, attributed)}; ${w.becauseOf}: ${text}`}>
      <text className="soft" x="0" y={name(first)}>{w.lastClick}</text>
      <rect className="credited" {...bar(attributed)} y={first} height="24" rx="4" />
      <text x={Math.max(x(attributed), x(0)) + 8} y={first + 16}>{whole(w, attributed)}</text>
      <text className="soft" x="0" y={name(second)}>{w.becauseOf}</text>
      {incremental && <g className={`chart-${tone(incremental)}`}>
        <rect className="solid" {...bar(incremental.estimate)} y={second} height="24" rx="4" />
        <line className="whisker" x1={x(incremental.low)} x2={x(incremental.high)} y1={second + 30} y2={second + 30} />
      </g>}
      <line className="zero" x1={x(0)} x2={x(0)} y1={first - 5} y2={first + 26} />
      <line className="zero" x1={x(0)} x2={x(0)} y1={second - 5} y2={second + 34} />
      <text x={end + 8} y={second + 16}>{text}</text>
    </svg>
  );
}
