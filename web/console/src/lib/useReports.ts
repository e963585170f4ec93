/** The reports, read once and again every minute. */
import {useCallback, useEffect, useState} from 'react';
import type {Reports} from '../report/types';

const AGAIN_MS = 60_000;
export type ReportState = {state: 'loading'} | {state: 'failed'} | {state: 'ready'; reports: Reports};

export function useReports(token: string | null): [ReportState, () => void] {
  const [state, set] = useState<ReportState>({state: 'loading'});
  const load = useCallback(async () => {
    if (token === null) return;
    try {
      const answer = await fetch(`/v1/reports?${new URLSearchParams({token}).toString()}`, {signal: AbortSignal.timeout(15_000)});
      if (!answer.ok) throw new Error(String(answer.status));
      const reports = await answer.json() as Reports;
      if (!Array.isArray(reports.moments)) throw new Error('no moments');
      set({state: 'ready', reports});
    } catch {
      // What was read before stays; it changes slowly.
      set((old) => old.state === 'ready' ? old : {state: 'failed'});
    }
  }, [token]);
  useEffect(() => {
    void load();
    const timer = window.setInterval(() => void load(), AGAIN_MS);
    return () => window.clearInterval(timer);
  }, [load]);
  return [state, () => { set({state: 'loading'}); void load(); }];
}
