/** Small things several files need. */

export type Json = Record<string, unknown>;

export const isObject = (x: unknown): x is Json => typeof x === 'object' && x !== null && !Array.isArray(x);

/** A non-empty string, or undefined: what the server or a page sent is not trusted to be one. */
export const text = (x: unknown): string | undefined =>
  typeof x === 'string' && x ? x : typeof x === 'number' ? String(x) : undefined;

export const bytes = (s: string): number => new TextEncoder().encode(s).length;

/** crypto.randomUUID exists on https and localhost only; a shop under test on http must work too. */
export function uuid(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6]! & 15) | 64;
  b[8] = (b[8]! & 63) | 128;
  const hex = [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Drops undefined members, so that absent stays absent in JSON and under exact optional types. */
export function compact<T extends object>(o: T): {[K in keyof T]: Exclude<T[K], undefined>} {
  for (const k of Object.keys(o) as (keyof T)[]) if (o[k] === undefined) delete o[k];
  return o as {[K in keyof T]: Exclude<T[K], undefined>};
}
