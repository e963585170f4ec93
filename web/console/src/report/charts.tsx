/** Two small drawings with direct labels, a zero line, and the same facts in words. */
import type {Words} from '../words';
import {whole} from '../words/say';
import {scale, tone} from './scale';
import type {Estimate} from './types';

const WIDTH = 520;

/** The estimate with its interval against "no effect". */
export function Interval({difference, label, zero}: {difference: Estimate; label: string; zero: string}) {
  const s = scale([difference.low, difference.high], WIDTH - 40, 0.25);
  const x = (value: number): number => 20 + s.at(value);
  const middle = (x(difference.low) + x(difference.high)) / 2;
  const labelAt = Math.min(Math.max(middle, 120), WIDTH - 120);
  const zeroAt = Math.min(Math.max(x(0), 36), WIDTH - 36);
  return (
    <svg className={`chart chart-${tone(difference)}`} viewBox={`0 0 ${WIDTH} 92`} role="img" aria-label={label}>
      <line className="zero" x1={x(0)} y1="28" x2={x(0)} y2="72" />
      <text className="soft" x={zeroAt} y="88" textAnchor="middle">{zero}</text>
      <rect className="range" x={x(difference.low)} y="40" width={Math.max(2, x(difference.high) - x(difference.low))} height="20" rx="4" />
      <line className="point" x1={x(difference.estimate)} y1="36" x2={x(difference.estimate)} y2="64" />
      <text x={labelAt} y="22" textAnchor="middle">{label}</text>
    </svg>
  );
}

const ROW = 34;
const NAME = 158;

/** What last click credits, beside what happened because of the message. */
export function BothBars({attributed, incremental, w}: {attributed: number; incremental: Estimate | null; w: Words}) {
  const values = [attributed, ...(incremental ? [incremental.low, incremental.high] : [])];
  const s = scale(values, WIDTH - NAME - 120, 0);
  const x = (value: number): number => NAME + s.at(value);
  const bar = (value: number) => ({x: Math.min(x(0), x(value)), width: Math.max(2, Math.abs(x(value) - x(0)))});
  const text = incremental ? `${whole(w, incremental.estimate)} (${whole(w, incremental.low)} ${w.to} ${whole(w, incremental.high)})` : w.unknownYet;
  const end = incremental ? Math.max(x(incremental.high), x(0)) : x(0);
  return (
    <svg className="chart" viewBox={`0 0 ${WIDTH} 92`} role="img" aria-label={`${w.lastClick}: ${whole(w, attributed)}; ${w.becauseOf}: ${text}`}>
      <text className="soft" x="0" y="31">{w.lastClick}</text>
      <rect className="credited" {...bar(attributed)} y="15" height="24" rx="4" />
      <text x={Math.max(x(attributed), x(0)) + 8} y="31">{whole(w, attributed)}</text>
      <text className="soft" x="0" y={31 + ROW}>{w.becauseOf}</text>
      {incremental && <g className={`chart-${tone(incremental)}`}>
        <rect className="solid" {...bar(incremental.estimate)} y={15 + ROW} height="24" rx="4" />
        <line className="whisker" x1={x(incremental.low)} x2={x(incremental.high)} y1={45 + ROW} y2={45 + ROW} />
      </g>}
      <line className="zero" x1={x(0)} x2={x(0)} y1="8" y2="88" />
      <text x={end + 8} y={31 + ROW}>{text}</text>
    </svg>
  );
}
