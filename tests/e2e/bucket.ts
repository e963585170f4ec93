// Which arm an id falls into: GrowthBook's hash version 2, as src/assign does it, written again so that
// the two check each other.
const fnv1a = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
};

export const bucket = (seed: string, id: string): number => fnv1a(String(fnv1a(seed + id))) % 10_000;

export type Arm = 'shown' | 'moment' | 'universal';

export const armOf = (id: string, moment: string, holdBack = 1_000, universal = 500): Arm =>
  bucket('universal', id) < universal ? 'universal' : bucket(`moment:${moment}`, id) < holdBack ? 'moment' : 'shown';

// An anonymous id that falls into the wanted arm of a moment.
export function idIn(arm: Arm, moment: string, prefix = 'e2e'): string {
  for (let i = 0; ; i++) {
    const id = `${prefix}-${arm}-${i}`;
    if (armOf(id, moment) === arm) return id;
  }
}
