/** One POST with a deadline that holds whatever the server does: refuse, hang, trickle, or lie. */

export interface Answer {
  /** HTTP status; 0: no answer (network failure, deadline). */
  status: number;
  /** Milliseconds the server asked us to stay away. */
  retryAfter: number;
  json: unknown;
}

const NONE: Answer = {status: 0, retryAfter: 0, json: undefined};
const MAX_RETRY_AFTER = 3_600_000;

function retryAfter(header: string | null): number {
  if (!header) return 0;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return ms > 0 ? Math.min(ms, MAX_RETRY_AFTER) : 0;
}

export async function post(url: string, body: string, ms: number): Promise<Answer> {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const request = async (): Promise<Answer> => {
    // A string body is sent as text/plain: no CORS preflight. Cookies are none of our business.
    const r = await fetch(url, {method: 'POST', body, credentials: 'omit', signal: abort.signal});
    return {
      status: r.status,
      retryAfter: retryAfter(r.headers.get('Retry-After')),
      // The deadline covers the body too: a server may send its headers and then hang.
      json: await r.json().catch(() => undefined),
    };
  };
  // Raced, not only aborted: the deadline must hold where fetch was replaced by one without signals.
  const deadline = new Promise<Answer>((done) => {
    timer = setTimeout(() => {
      abort.abort();
      done(NONE);
    }, ms);
  });
  try {
    return await Promise.race([request().catch(() => NONE), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Worth sending again? Everything else in the 4xx range would be refused for ever. */
export const temporary = (status: number): boolean =>
  status === 0 || status >= 500 || status === 429 || status === 408 || status === 425;
