/** From an ArtSpec to an <svg> element in one of three views. */
import type {ArtSpec} from '../lib/types';
import {fleece, puffer, shell, wind} from './jackets';
import {daypack, duffel, hipPack, trekpack} from './packs';
import {hero} from './hero';
import {outdoors, studio} from './scene';
import {boot, lowShoe, sandal} from './shoes';
import {dome, solo, tarp, tunnel} from './tents';
import {beanie, bottle, gloves, headlamp, mug, poles, socks, stove} from './things';
import type {Palette} from './tools';

const DRAW: Readonly<Record<string, (palette: Palette) => string>> = {
  lowShoe, sandal, shell, fleece, wind, daypack, duffel, hipPack, dome, solo, tarp, tunnel,
  beanie, bottle, gloves, headlamp, mug, poles, socks, stove,
  boot: (p) => boot(p, false), snowBoot: (p) => boot(p, true),
  puffer: (p) => puffer(p, false), parka: (p) => puffer(p, true),
  trekpack: (p) => trekpack(p, false), bigpack: (p) => trekpack(p, true),
};

export const KINDS = Object.keys(DRAW);
export const VIEWS = ['front', 'detail', 'field'] as const;
export type View = typeof VIEWS[number];
export const VIEW_NAMES: Readonly<Record<View, string>> = {front: 'Whole', detail: 'Close up', field: 'Out there'};

function svg(inner: string, viewBox: string, label: string | null, fit = ''): SVGElement {
  const name = label === null ? 'aria-hidden="true"' : 'role="img"';
  const template = document.createElement('template');
  template.innerHTML = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}"${fit === '' ? '' : ` preserveAspectRatio="${fit} slice"`} ${name}>${inner}</svg>`;
  const el = template.content.firstElementChild as SVGElement;
  if (label !== null) el.setAttribute('aria-label', label);
  return el;
}

/** `label` null: the picture says nothing that the text beside it does not say. */
export function picture(art: ArtSpec, view: View, label: string | null): SVGElement {
  const thing = DRAW[art.kind]?.(art.palette) ?? '';
  if (view === 'field') {
    return svg(`${outdoors(art.scene)}<g transform="translate(70 104) scale(.65)">${thing}</g>`, '0 0 400 400', label, 'xMidYMid');
  }
  return svg(studio(art.scene) + thing, view === 'detail' ? '108 78 180 180' : '0 0 400 400', label, 'xMidYMid');
}

export function heroPicture(): SVGElement {
  return svg(hero(), '0 0 1600 640', null, 'xMinYMax');
}

const ICON: Readonly<Record<string, string>> = {
  cart: 'M4 5h2l2.2 10.2a1 1 0 0 0 1 .8h7.9a1 1 0 0 0 1-.8L19.8 8H7M10 20h.01M16.5 20h.01',
  search: 'M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14M20 20l-4-4',
  menu: 'M4 7h16M4 12h16M4 17h16', close: 'M6 6l12 12M18 6L6 18', ruler: 'M4 9h16v7H4zM8 9v3M12 9v4M16 9v3',
  truck: 'M3 7h11v9H3zM14 10h4l3 3v3h-7M7 18.5h.01M17.5 18.5h.01', back: 'M9 7l-5 5l5 5M4 12h10a6 6 0 0 1 6 6',
  gift: 'M4 10h16v4H4zM6 14v6h12v-6M12 10v10M12 10c-5 0-5-5-2-5c2 0 2 5 2 5c0 0 0-5 2-5c3 0 3 5-2 5',
  check: 'M5 13l4 4L19 7', star: 'M12 4l2.4 5.1l5.6.7l-4.1 3.9l1 5.5L12 16.5l-4.9 2.7l1-5.5L4 9.8l5.6-.7z',
  compare: 'M7 5v14M17 5v14M3 9l4-4l4 4M13 15l4 4l4-4', heart: 'M12 19C4 13 5 6 9 6c2 0 3 2 3 2s1-2 3-2c4 0 5 7-3 13',
};

export function icon(name: string): SVGElement {
  return svg(`<path d="${ICON[name] ?? ''}" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/>`, '0 0 24 24', null);
}
