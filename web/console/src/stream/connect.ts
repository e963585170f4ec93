/**
 * Keeps a stream open. EventSource does not tell "wrong token" from "server away", so a failed one is
 * followed by one plain request that does. Reconnects with growing pauses.
 */
import type {Message} from './reducer';
import type {Decision, VisitorPicture} from './types';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

export function liveUrl(token: string, anonymousId: string | null): string {
  const query = new URLSearchParams({token});
  if (anonymousId) query.set('anonymousId', anonymousId);
  return `/v1/live?${query.toString()}`;
}

async function refused(url: string): Promise<boolean> {
  const stop = new AbortController();
  const timer = window.setTimeout(() => stop.abort(), 4000);
  try {
    const answer = await fetch(url, {signal: stop.signal, headers: {Accept: 'text/event-stream'}});
    return answer.status === 401 || answer.status === 403;
  } catch {
    return false;
  } finally {
    window.clearTimeout(timer);
    stop.abort();
  }
}

function parse<T>(event: MessageEvent<string>): T | null {
  try { return JSON.parse(event.data) as T; } catch { return null; }
}

/** Returns what closes it. */
export function connect(token: string, anonymousId: string | null, tell: (message: Message) => void): () => void {
  const url = liveUrl(token, anonymousId);
  let source: EventSource | null = null;
  let timer = 0;
  let pause = FIRST_PAUSE_MS;
  let over = false;

  const open = (): void => {
    source = new EventSource(url);
    source.onopen = () => {
      pause = FIRST_PAUSE_MS;
      tell({type: 'link', link: 'open'});
    };
    source.addEventListener('visitor', (event) => {
      const picture = parse<VisitorPicture>(event);
      if (picture?.anonymousId) tell({type: 'visitor', picture, now: Date.now()});
    });
    source.addEventListener('decision', (event) => {
      const decision = parse<Decision>(event);
      if (decision?.anonymousId && decision.slot) tell({type: 'decision', decision, now: Date.now()});
    });
    source.onerror = () => void failed();
  };

  const failed = async (): Promise<void> => {
    source?.close();
    source = null;
    if (over) return;
    const wrong = await refused(url);
    if (over) return;
    if (wrong) {
      tell({type: 'link', link: 'wrong_token'});
      return;
    }
    tell({type: 'link', link: 'lost'});
    timer = window.setTimeout(open, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  };

  open();
  return () => {
    over = true;
    source?.close();
    window.clearTimeout(timer);
  };
}
