// A real Tact process for a test: fresh data directory, free port, always stopped.
import {spawn, execFile, type ChildProcess} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {promisify} from 'node:util';

export const root = resolve(import.meta.dirname, '../..');
export const binary =
  process.env['TACT_BIN'] ??
  [join(root, 'build/release/src/cli/tact'), join(root, 'build/dev/src/cli/tact')].find(existsSync) ??
  join(root, 'build/release/src/cli/tact');

export interface Keys {
  writeKey: string;
  secretKey: string;
}

export class Tact {
  readonly url: string;
  readonly data: string;
  readonly keys: Keys;
  private readonly process: ChildProcess;
  private clock: NodeJS.Timeout | undefined;

  private constructor(url: string, data: string, process: ChildProcess) {
    this.url = url;
    this.data = data;
    this.keys = readKeys(data);
    this.process = process;
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  static async start(options: {playbook?: string; data?: string; demo?: boolean; simulated?: boolean} = {}): Promise<Tact> {
    const args = ['serve'];
    if (options.demo ?? true) args.push('--demo-shop');
    if (options.simulated) args.push('--simulated');
    const {tact} = await Tact.launch(args, /listening on (http:\S+)/, options);
    if (options.simulated) tact.keepTime();
    return tact;
  }

  // `tact demo`, and the link to the live view as it prints it.
  static async greeted(): Promise<{tact: Tact; link: string}> {
    const {tact, printed} = await Tact.launch(['demo'], /(http:\S+\/live\/\?token=\S+)/, {});
    return {tact, link: printed};
  }

  private static async launch(command: string[], wanted: RegExp, options: {playbook?: string; data?: string}): Promise<{tact: Tact; printed: string}> {
    const data = options.data ?? mkdtempSync(join(tmpdir(), 'tact-e2e-'));
    const playbook = options.playbook ?? join(root, 'playbooks/shop');
    const args = [...command, '--playbook', playbook, '--data', data, '--listen', '127.0.0.1:0'];
    const child = spawn(binary, args, {stdio: ['ignore', 'pipe', 'pipe']});
    const printed = await new Promise<string>((found, failed) => {
      let log = '';
      const read = (chunk: Buffer): void => {
        log += chunk.toString();
        const match = wanted.exec(log);
        if (match?.[1]) found(match[1]);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.on('exit', (code) => failed(new Error(`tact ended with ${code}:\n${log}`)));
      setTimeout(() => failed(new Error(`tact did not start in 30 s:\n${log}`)), 30_000).unref();
    });
    return {tact: new Tact(new URL(printed).origin, data, child), printed};
  }

  // A simulated directory has the time it is told, of any request. Here it is the wall's.
  private keepTime(): void {
    const tell = (): void => {
      const headers = {Authorization: `Bearer ${this.keys.writeKey}`, 'Tact-Time': new Date().toISOString()};
      fetch(`${this.url}/v1/decide`, {method: 'POST', headers, body: '{"slots":["page.banner"]}'}).catch(() => undefined);
    };
    tell();
    this.clock = setInterval(tell, 100);
  }

  // Ends the process as an operator does and keeps the data.
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    clearInterval(this.clock);
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.data, {recursive: true, force: true});
  }

  async get(path: string): Promise<unknown> {
    const response = await fetch(this.url + path, {headers: {Authorization: `Bearer ${this.keys.secretKey}`}});
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async post(path: string, body: unknown, key = this.keys.secretKey): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: {'Content-Type': 'application/json', Authorization: `Bearer ${key}`},
      body: JSON.stringify(body),
    });
  }
}

function readKeys(data: string): Keys {
  const text = readFileSync(join(data, 'keys'), 'utf8');
  const find = (prefix: string): string => {
    const match = new RegExp(`"(${prefix}_[^"]+)"`).exec(text);
    if (!match?.[1]) throw new Error(`no ${prefix} key in ${data}/keys`);
    return match[1];
  };
  return {writeKey: find('wk'), secretKey: find('sk')};
}

// Runs `tact …` to its end.
export async function run(...args: string[]): Promise<{code: number; out: string; err: string}> {
  try {
    const {stdout, stderr} = await promisify(execFile)(binary, args, {maxBuffer: 64 << 20});
    return {code: 0, out: stdout, err: stderr};
  } catch (error) {
    const failed = error as {code?: number; stdout?: string; stderr?: string};
    return {code: failed.code ?? -1, out: failed.stdout ?? '', err: failed.stderr ?? ''};
  }
}
