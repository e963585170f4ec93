// Stands between a client and Tact: keeps what went over the wire, and fails as networks and servers do.
import {createServer, request, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {gunzipSync} from 'node:zlib';

// What the next POST meets instead of being passed on. 'dropped' is passed on, answered by Tact, and the answer
// is lost: the client cannot know that its events are stored.
export type Fault = 'dropped' | {status: number; headers?: Record<string, string>};

export interface Seen {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
  fault: Fault | undefined;
  status: number;
  answer: IncomingHttpHeaders;
}

const running: Relay[] = [];
export const stopRelays = async (): Promise<void> => {
  for (const relay of running) await relay.stop();
};

export class Relay {
  readonly seen: Seen[] = [];
  readonly faults: Fault[] = [];
  private readonly server: Server;
  private readonly port: number;

  constructor(server: Server, port: number) {
    this.server = server;
    this.port = port;
  }

  static async start(port: number, ...faults: Fault[]): Promise<Relay> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const relay = new Relay(server, port);
    relay.faults.push(...faults);
    running.push(relay);
    server.on('request', (incoming, outgoing) => void relay.pass(incoming, outgoing));
    return relay;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  get url(): string {
    return `http://${this.host}`;
  }

  // Events of all requests, by messageId: as the client sent them the last time.
  events(): Map<string, Record<string, any>> {
    const events = new Map<string, Record<string, any>>();
    for (const one of this.posts()) {
      const body = JSON.parse(one.body) as Record<string, any>;
      for (const event of (body['batch'] as Record<string, any>[] | undefined) ?? [body]) events.set(event['messageId'], event);
    }
    return events;
  }
  posts(): Seen[] {
    return this.seen.filter((one) => one.method === 'POST');
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks);
    const gzip = incoming.headers['content-encoding'] === 'gzip';
    const fault = incoming.method === 'POST' ? this.faults.shift() : undefined;
    const seen: Seen = {
      method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers,
      body: (gzip ? gunzipSync(sent) : sent).toString(), at: Date.now(), fault, status: 0, answer: {},
    };
    this.seen.push(seen);
    if (typeof fault === 'object') {
      // Cross-origin, as Tact itself would: without these a browser shows its page no status.
      const {origin} = incoming.headers;
      const cors = origin ? {'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': 'Retry-After'} : {};
      seen.status = fault.status;
      outgoing.writeHead(fault.status, {...cors, ...fault.headers, 'Content-Length': '0'}).end();
      return;
    }
    const onwards = request({host: '127.0.0.1', port: this.port, method: incoming.method, path: incoming.url, headers: incoming.headers});
    onwards.on('error', () => outgoing.destroy());
    onwards.on('response', (answer) => {
      seen.status = answer.statusCode ?? 0;
      seen.answer = answer.headers;
      if (fault !== 'dropped') {
        outgoing.writeHead(seen.status, answer.headers);
        answer.pipe(outgoing);
        return;
      }
      answer.resume();
      answer.on('end', () => incoming.socket.destroy());
    });
    onwards.end(sent);
  }
}
