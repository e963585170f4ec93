/** Reads what `/v1/decide` answered; anything that is not as documented becomes "the default stays". */
import type {Content, Decision, Show} from './types';
import {compact, isObject, text} from './util';

function show(x: unknown): Show | null {
  if (!isObject(x) || !isObject(x.content)) return null;
  const kind = text(x.kind);
  const message = text(x.message);
  if (!kind || !message) return null;
  return compact({kind, message, variant: text(x.variant), content: x.content as Content, because: text(x.because)}) as Show;
}

/** One decision per asked slot, or null when the answer as a whole is malformed. */
export function readDecisions(json: unknown, slots: string[]): Decision[] | null {
  if (!isObject(json) || !Array.isArray(json.decisions)) return null;
  const given = new Map<string, Decision>();
  for (const d of json.decisions.filter(isObject)) {
    const slot = text(d.slot);
    if (slot) given.set(slot, compact({slot, id: text(d.id), show: show(d.show)}) as Decision);
  }
  return slots.map((slot) => given.get(slot) ?? {slot, show: null});
}
