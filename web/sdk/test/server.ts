/** A real HTTP server standing where Tact stands: it records what arrives and answers as told. */
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

export interface Ev {
  type: string; messageId: string; anonymousId: string; timestamp: string;
  name?: string; event?: string; userId?: string;
  properties: Record<string, any>; context: Record<string, any>;
}
export interface Got {
  path: string; at: number; type: string; text: string;
  body: {writeKey: string; sentAt?: string; batch?: Ev[]; requestId?: string; slots?: string[]; events?: Ev[]; visitor?: {anonymousId: string}; page?: any; context?: any};
}
type Answer = (body: Got['body'], res: ServerResponse, nth: number) => unknown;

export const reply = (res: ServerResponse, status: number, json: unknown, headers: Record<string, string> = {}): void => {
  res.writeHead(status, {'Content-Type': 'application/json', ...headers});
  res.end(typeof json === 'string' ? json : JSON.stringify(json));
};

export class Tactless {
  readonly got: Got[] = [];
  batch: Answer = (_b, res) => reply(res, 200, {success: true});
  decide: Answer = (b, res) => reply(res, 200, {decisions: b.slots!.map((slot) => ({slot, ...(b.visitor ? {id: `d_${++this.ids}`} : {}), show: null}))});
  files = new Map<string, {type: string; text: string; headers?: Record<string, string>}>();
  private ids = 0;
  private readonly server = createServer((q, s) => void this.handle(q, s));

  async start(): Promise<this> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return this;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  to(path: string): Got[] {
    return this.got.filter((g) => g.path === path);
  }

  /** Every event that arrived by whatever way, duplicates included. */
  events(name?: string): Ev[] {
    const all = this.got.flatMap((g) => [...(g.body.batch ?? []), ...(g.body.events ?? [])]);
    return name ? all.filter((e) => (e.event ?? e.type) === name) : all;
  }

  /** The same, as the server counts them: once per messageId. */
  once(name?: string): Ev[] {
    return [...new Map(this.events(name).map((e) => [e.messageId, e])).values()];
  }

  private async handle(q: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = new URL(q.url!, 'http://x').pathname;
    res.setHeader('Access-Control-Allow-Origin', q.headers.origin ?? '*');
    res.setHeader('Access-Control-Expose-Headers', 'Retry-After');
    if (q.method !== 'POST') {
      const f = this.files.get(path);
      if (!f) return reply(res, q.method === 'OPTIONS' ? 405 : 404, {});
      res.writeHead(200, {'Content-Type': f.type, ...f.headers});
      return void res.end(f.text);
    }
    let text = '';
    for await (const part of q) text += part;
    const body = JSON.parse(text);
    this.got.push({path, at: performance.now(), type: q.headers['content-type'] ?? '', text, body});
    (path === '/v1/decide' ? this.decide : this.batch)(body, res, this.to(path).length);
  }
}

export const message = (slot: string, more: object = {}, show: object = {}): object => ({
  slot, id: `d_${slot}`,
  show: {kind: 'reassurance', message: 'fit-guide', variant: 'plain', because: 'Because you looked at the size guide on this visit',
         content: {title: 'Between sizes?', body: 'Most people take the larger one.', link: {text: 'Size guide', to: '/size-guide'}}, ...show},
  ...more,
});

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export async function until<T>(what: () => T, ms = 4000): Promise<NonNullable<T>> {
  for (const end = performance.now() + ms; ;) {
    const x = what();
    if (x) return x as NonNullable<T>;
    if (performance.now() > end) throw new Error(`never: ${what}`);
    await sleep(5);
  }
}
