/** Small helpers for the drawings. A drawing is SVG markup made from constants of ours, never from input. */
export type Palette = readonly [string, string, string];

function channel(hex: string, at: number): number {
  return parseInt(hex.slice(at, at + 2), 16);
}

/** `share` 0…1 of `b` in `a`; both #rrggbb. */
export function mix(a: string, b: string, share: number): string {
  const part = (at: number): string =>
    Math.round(channel(a, at) * (1 - share) + channel(b, at) * share).toString(16).padStart(2, '0');
  return `#${part(1)}${part(3)}${part(5)}`;
}

export const dark = (colour: string, share = 0.25): string => mix(colour, '#11181a', share);
export const light = (colour: string, share = 0.25): string => mix(colour, '#ffffff', share);

let next = 0;
/** A gradient with an id of its own: [markup, reference]. */
export function gradient(from: string, to: string, direction: 'down' | 'across' | 'slant' = 'down'): [string, string] {
  next += 1;
  const id = `g${next}`;
  const [x2, y2] = direction === 'down' ? [0, 1] : direction === 'across' ? [1, 0] : [0.7, 1];
  return [`<linearGradient id="${id}" x1="0" y1="0" x2="${x2}" y2="${y2}">` +
    `<stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>`, `url(#${id})`];
}

export function path(d: string, fill: string, more = ''): string {
  return `<path d="${d}" fill="${fill}" ${more}/>`;
}

export function stroke(d: string, colour: string, width: number, more = ''): string {
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" ${more}/>`;
}

/** The soft shadow a thing throws on the ground. */
export function shadow(x: number, y: number, rx: number, ry = 10): string {
  return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="#1d2327" opacity=".13"/>`;
}
