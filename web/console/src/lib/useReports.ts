/**
 * The reports, read once and again a minute after each answer. An answer may take long (many visitors, or others who
 * asked before), so the next question waits for it instead of queueing behind it.
 */
import {useCallback, useEffect, useState} from 'react';
import type {Reports} from '../report/types';

const AGAIN_MS = 60_000;
const SOONEST_MS = 10_000;
const LONGEST_MS = 600_000; // as long as the server tries
export type ReportState = {state: 'loading'} | {state: 'failed'} | {state: 'ready'; reports: Reports};

/** Until the next question: as a busy server asks for (Retry-After in seconds), else a minute. */
export function pauseAfter(answer: {status: number; headers: Headers}): number {
  const seconds = Number(answer.headers.get('Retry-After') ?? NaN);
  if (answer.status !== 503 || !(seconds >= 1)) return AGAIN_MS;
  return Math.max(SOONEST_MS, Math.min(seconds * 1_000, AGAIN_MS));
}

export function useReports(token: string | null): [ReportState, () => void] {
  const [state, set] = useState<ReportState>({state: 'loading'});
  const [round, next] = useState(0);
  useEffect(() => {
    if (token === null) return undefined;
    let left = false;
    let asked = new AbortController();
    let timer = 0;
    const read = async (): Promise<void> => {
      let pause = AGAIN_MS;
      asked = new AbortController();
      const {signal} = asked;
      timer = window.setTimeout(() => asked.abort(), LONGEST_MS);
      try {
        const answer = await fetch(`/v1/reports?${new URLSearchParams({token}).toString()}`, {signal});
        pause = pauseAfter(answer);
        if (!answer.ok) throw new Error(String(answer.status));
        const reports = await answer.json() as Reports;
        if (!Array.isArray(reports.moments)) throw new Error('no moments');
        set({state: 'ready', reports});
      } catch {
        // What was read before stays; it changes slowly.
        if (!left) set((old) => old.state === 'ready' ? old : {state: 'failed'});
      }
      if (left) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void read(), pause);
    };
    void read();
    return () => {
      left = true;
      asked.abort();
      window.clearTimeout(timer);
    };
  }, [token, round]);
  const again = useCallback(() => {
    set({state: 'loading'});
    next((old) => old + 1);
  }, []);
  return [state, again];
}
