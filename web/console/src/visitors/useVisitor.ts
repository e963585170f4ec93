/** Runs one scripted visitor at a time and says how far it is. */
import {useCallback, useEffect, useRef, useState, type RefObject} from 'react';
import {act, pause, type Point} from './driver';
import {SCRIPTS, type VisitorId} from './scripts';

export interface Run {id: VisitorId; step: number; state: 'running' | 'done' | 'stopped' | 'failed'}

export function useVisitor(frame: RefObject<HTMLIFrameElement | null>): {
  run: Run | null; hand: Point | null; start: (id: VisitorId) => void; stop: () => void;
} {
  const [run, setRun] = useState<Run | null>(null);
  const [hand, setHand] = useState<Point | null>(null);
  const current = useRef<AbortController | null>(null);

  const stop = useCallback(() => {
    current.current?.abort();
    current.current = null;
    setHand(null);
    setRun((r) => r?.state === 'running' ? {...r, state: 'stopped'} : r);
  }, []);

  const start = useCallback((id: VisitorId) => {
    const shop = frame.current;
    if (!shop) return;
    current.current?.abort();
    const control = new AbortController();
    current.current = control;
    const mine = (): boolean => current.current === control;
    void (async () => {
      let at = 0;
      try {
        for (const step of SCRIPTS[id]) {
          setRun({id, step: at, state: 'running'});
          await act({frame: shop, move: (point) => { if (mine()) setHand(point); }, signal: control.signal}, step.act);
          await pause(step.after ?? 600, control.signal);
          at += 1;
        }
        if (mine()) setRun({id, step: at, state: 'done'});
      } catch {
        if (mine()) setRun({id, step: at, state: 'failed'});
      } finally {
        if (mine()) { current.current = null; setHand(null); }
      }
    })();
  }, [frame]);

  useEffect(() => () => current.current?.abort(), []);
  return {run, hand, start, stop};
}
