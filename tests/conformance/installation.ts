// A Tact whose keys have a lawful basis of their own, so that what is stored does not depend on consent; and
// further keys for what does. Reads back what was stored the way an operator would: `tact visitor export`.
import assert from 'node:assert/strict';
import type {ChildProcess} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Tact, run} from '../e2e/tact.ts';

export interface Stored {
  type: string;
  messageId?: string;
  anonymousId?: string;
  userId?: string;
  previousId?: string;
  groupId?: string;
  event?: string;
  name?: string;
  properties?: Record<string, unknown>;
  traits?: Record<string, unknown>;
  context?: Record<string, unknown>;
  timestamp: string;
  receivedAt: string;
  [member: string]: unknown;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: any;
}

// Of keys that Tact does not make itself. The first write and secret key of the file are Tact's own.
export const requiredKey = 'wk_conformance_required';
export const shopKey = 'wk_conformance_shop_only';
export const slowKey = 'wk_conformance_two_a_second';
export const tokenKey = 'wk_conformance_believes_tokens';
export const tokenSecret = 'a secret that the server keeps to itself';
export const shopOrigin = 'https://shop.example';

function prepareKeys(data: string): void {
  const path = join(data, 'keys');
  const file = JSON.parse(readFileSync(path, 'utf8')) as {sources: Record<string, unknown>[]};
  const basis = {consent: 'granted', basis: 'these are no people'};
  file.sources = file.sources.map((source) => ({...source, ...basis}));
  file.sources.push(
    {id: 11, name: 'asks first', kind: 'write', key: requiredKey, consent: 'required', origins: [], events_per_second: 0},
    {id: 12, name: 'one origin', kind: 'write', key: shopKey, ...basis, origins: [shopOrigin], events_per_second: 0},
    {id: 13, name: 'slow', kind: 'write', key: slowKey, ...basis, origins: [], events_per_second: 2},
    {id: 14, name: 'tokens', kind: 'write', key: tokenKey, ...basis, origins: [], events_per_second: 0, identity: {alg: 'HS256', key: tokenSecret}},
  );
  writeFileSync(path, JSON.stringify(file));
}

export class Installation {
  tact: Tact;
  constructor(tact: Tact) {
    this.tact = tact;
  }

  static async start(): Promise<Installation> {
    const first = await Tact.start({demo: false});
    await first.stop();
    prepareKeys(first.data);
    return new Installation(await Tact.start({data: first.data, demo: false}));
  }

  async restart(): Promise<void> {
    await this.tact.stop();
    this.tact = await Tact.start({data: this.tact.data, demo: false});
  }

  get url(): string {
    return this.tact.url;
  }
  get port(): number {
    return Number(new URL(this.tact.url).port);
  }
  get write(): string {
    return this.tact.keys.writeKey;
  }
  get secret(): string {
    return this.tact.keys.secretKey;
  }
  get pid(): number {
    const {pid} = (this.tact as unknown as {process: ChildProcess}).process;
    assert.ok(pid);
    return pid;
  }

  // A POST with exactly these headers; `body` is sent as it is, or as JSON.
  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    return this.ask(path, {method: 'POST', headers, body: raw ? (body as BodyInit) : JSON.stringify(body)});
  }

  async ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(this.url + path, init);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined};
  }

  // As the server's own customers send: with the secret key.
  async send(path: string, body: unknown): Promise<Answer> {
    return this.post(path, body, bearer(this.secret));
  }

  // Every record of one person, oldest first; none where nothing is known.
  async records(id: string, kind: 'anonymous' | 'user' = 'anonymous'): Promise<Stored[]> {
    const user = kind === 'user' ? ['--user'] : [];
    const exported = await run('visitor', 'export', id, '--data', this.tact.data, ...user);
    if (exported.code !== 0) {
      assert.match(exported.err + exported.out, /nothing is known/);
      return [];
    }
    return (JSON.parse(exported.out) as {records: Stored[]}).records;
  }

  // The same over HTTP.
  async recordsByHttp(id: string): Promise<Stored[]> {
    const answer = await this.ask(`/v1/visitors/${encodeURIComponent(id)}/export`, {headers: bearer(this.secret)});
    if (answer.status === 404) return [];
    assert.equal(answer.status, 200, answer.text.slice(0, 300));
    return answer.json.records as Stored[];
  }

  async counter(name: string): Promise<number> {
    const {text} = await this.ask('/metrics');
    const line = new RegExp(`^${name} (\\d+)$`, 'm').exec(text);
    assert.ok(line, `${name} is not in /metrics`);
    return Number(line[1]);
  }

  // Kilobytes the process holds now.
  resident(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  }
  // The most it ever held.
  residentMax(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
  }
}

export const bearer = (key: string): Record<string, string> => ({Authorization: `Bearer ${key}`});
export const basic = (key: string): Record<string, string> => ({Authorization: `Basic ${btoa(`${key}:`)}`});

let serial = 0;
// An id no other test uses.
export const fresh = (prefix = 'a'): string => `${prefix}-${process.pid}-${++serial}`;

export async function until<T>(what: string | (() => string), find: () => T | Promise<T>, limitMs = 20_000): Promise<NonNullable<T>> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await find();
    if (found) return found as NonNullable<T>;
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1000} s for: ${typeof what === 'string' ? what : what()}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

// RFC 9457. `where`: the member of the request that is wrong.
export function assertProblem(answer: Answer, status: number, where?: string | RegExp): void {
  const said = `${answer.status} ${answer.text.slice(0, 300)}`;
  assert.equal(answer.status, status, said);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json', said);
  assert.equal(typeof answer.json.type, 'string', said);
  assert.ok(answer.json.title, said);
  assert.equal(answer.json.status, status, said);
  if (status === 405) assert.ok(answer.headers.get('allow'), said);
  assert.ok(answer.json.detail, said);
  if (typeof where === 'string') assert.equal(answer.json.where, where, said);
  if (where instanceof RegExp) assert.match(answer.json.where ?? '', where, said);
}

const storedMembers = ['type', 'messageId', 'anonymousId', 'userId', 'previousId', 'groupId', 'event', 'name', 'properties', 'traits', 'context'];
const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);

function dropIps(value: any): void {
  if (typeof value !== 'object' || value === null) return;
  delete value.ip;
  Object.values(value).forEach(dropIps);
}

// What must be stored of an event as it went over the wire: all of it but what is minimised.
export function expected(wire: Record<string, any>): Record<string, unknown> {
  const event = JSON.parse(JSON.stringify(wire)) as Record<string, any>;
  const out: Record<string, unknown> = {};
  for (const member of storedMembers) {
    if (!isNothing(event[member])) out[member] = event[member];
  }
  dropIps(event['context']);
  delete event['context']?.userAgent;
  return out;
}

// Compares a stored record with the event on the wire, field by field; its time within `withinMs`.
export function assertStored(stored: Stored | undefined, wire: Record<string, any>, withinMs = 5_000): void {
  assert.ok(stored, `not stored: ${JSON.stringify(wire).slice(0, 300)}`);
  const {timestamp, receivedAt, ...rest} = JSON.parse(JSON.stringify(stored)) as Stored;
  const agent = (wire['context'] as {userAgent?: string} | undefined)?.userAgent;
  if (agent) {
    const kept = rest['context']?.['userAgent'];
    assert.match(String(kept), /^[A-Za-z ]+(\/\d{1,4})?( \([A-Za-z]+\))?$/);
    delete rest['context']?.['userAgent'];
  }
  assert.deepEqual(rest, expected(wire));
  const said = wire['timestamp'] ?? wire['originalTimestamp'];
  if (said) {
    const off = Date.parse(timestamp) - Date.parse(String(said));
    assert.ok(Math.abs(off) <= withinMs, `timestamp ${timestamp}, sent as ${said}`);
  }
  assert.ok(Math.abs(Date.parse(receivedAt) - Date.now()) < 120_000);
}
