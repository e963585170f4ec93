/** Backdrops: quiet ridges, always the same place in another light. */
import type {SceneName} from '../lib/types';
import {gradient, mix, path} from './tools';

interface Light {top: string; low: string; far: string; mid: string; near: string; ground: string; sun: string}

export const LIGHT: Readonly<Record<SceneName, Light>> = {
  dawn: {top: '#f7e4d2', low: '#fdf5ea', far: '#ecd3c3', mid: '#dcbcaa', near: '#b9978a', ground: '#f0e2d2', sun: '#f6c9a0'},
  forest: {top: '#e3ece4', low: '#f3f5ef', far: '#cfdcd1', mid: '#b4c8ba', near: '#86a392', ground: '#dde6dd', sun: '#f7f0d8'},
  fell: {top: '#dde8ee', low: '#f3f5f2', far: '#ccdae0', mid: '#b1c4cb', near: '#829ca6', ground: '#e2e9ea', sun: '#fbf3df'},
  coast: {top: '#d8eaec', low: '#f6f4ea', far: '#c2dadd', mid: '#a2c5c9', near: '#709aa1', ground: '#eae6d6', sun: '#fdeccb'},
  dusk: {top: '#dfd9ea', low: '#f7e9e0', far: '#cfc4d8', mid: '#b3a7c2', near: '#85799b', ground: '#e8dfe2', sun: '#f3c6b0'},
  snow: {top: '#e4ebf2', low: '#f9fafb', far: '#d9e3ec', mid: '#c4d3e0', near: '#98afc3', ground: '#f1f4f6', sun: '#ffffff'},
};

export function pine(x: number, y: number, height: number, colour: string): string {
  const w = height * 0.34;
  const tier = (top: number, bottom: number, width: number): string =>
    `M${x} ${y - height * top} L${x + w * width} ${y - height * bottom} L${x - w * width} ${y - height * bottom}Z`;
  return path(`${tier(1, 0.55, 0.55)} ${tier(0.75, 0.3, 0.78)} ${tier(0.5, 0.06, 1)}`, colour) +
    `<rect x="${x - height * 0.025}" y="${y - height * 0.08}" width="${height * 0.05}" height="${height * 0.09}" fill="${colour}"/>`;
}

/** A studio corner: hardly more than light, so that the thing in front is what one sees. */
export function studio(name: SceneName): string {
  const l = LIGHT[name];
  const [sky, skyRef] = gradient(l.top, l.low);
  const [floor, floorRef] = gradient(mix(l.ground, l.mid, 0.18), l.ground);
  return `<defs>${sky}${floor}</defs><rect width="400" height="400" fill="${skyRef}"/>` +
    `<circle cx="290" cy="108" r="46" fill="${l.sun}" opacity=".75"/>` +
    path('M0 246 L58 190 L96 222 L150 152 L206 220 L246 186 L312 244 L356 208 L400 240 V320 H0Z', l.far, 'opacity=".7"') +
    path('M0 274 C60 244 110 262 170 250 C250 236 310 270 400 244 V320 H0Z', mix(l.far, l.mid, 0.6), 'opacity=".75"') +
    `<rect y="286" width="400" height="114" fill="${floorRef}"/>`;
}

/** The same place with more of it, for "in the field". */
export function outdoors(name: SceneName): string {
  const l = LIGHT[name];
  const [sky, skyRef] = gradient(mix(l.top, l.mid, 0.35), l.low);
  const trees = [18, 44, 66, 318, 344, 372, 392]
    .map((x, i) => pine(x, 300 + (i % 3) * 5, 54 + ((i * 37) % 34), mix(l.near, '#21352f', 0.45))).join('');
  return `<defs>${sky}</defs><rect width="400" height="400" fill="${skyRef}"/>` +
    `<circle cx="284" cy="92" r="30" fill="${l.sun}"/>` +
    path('M0 210 L70 128 L112 172 L176 84 L250 182 L290 142 L400 226 V330 H0Z', l.mid) +
    path('M176 84 L204 121 L188 118 L176 132 L164 116 L150 120Z M70 128 L84 143 L70 148 L56 145Z', '#ffffff', 'opacity=".7"') +
    path('M0 262 C70 214 130 250 190 232 C260 212 330 254 400 222 V340 H0Z', l.near) +
    trees +
    path('M0 304 C90 284 260 288 400 302 V400 H0Z', mix(l.ground, l.near, 0.35)) +
    path('M0 344 C110 322 270 326 400 346 V400 H0Z', mix(l.ground, l.near, 0.18));
}
