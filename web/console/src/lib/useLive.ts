/** The stream as React state. Without an id everybody lately active is told. */
import {useEffect, useReducer} from 'react';
import {connect} from '../stream/connect';
import {NOTHING, reduce, type Live} from '../stream/reducer';

export function useLive(token: string | null, anonymousId: string | null): Live {
  const [live, tell] = useReducer(reduce, NOTHING);
  useEffect(() => {
    if (token === null) {
      tell({type: 'link', link: 'no_token'});
      return undefined;
    }
    tell({type: 'link', link: 'connecting'});
    return connect(token, anonymousId, tell);
  }, [token, anonymousId]);
  return live;
}

/** Draws again every few seconds, so that "2 min ago" stays true. */
export function useTick(ms: number): number {
  const [now, set] = useReducer(() => Date.now(), Date.now());
  useEffect(() => {
    const timer = window.setInterval(set, ms);
    return () => window.clearInterval(timer);
  }, [ms]);
  return now;
}
