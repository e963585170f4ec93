import {dark, gradient, light, path, shadow, stroke, type Palette} from './tools';

const BODY = 'M132 106 C150 96 168 92 200 92 C232 92 250 96 268 106 L282 176 L284 306 C284 316 276 320 266 320 H134 C124 320 116 316 116 306 L118 176Z';
const SLEEVE_L = 'M134 106 C108 114 96 130 88 160 L60 270 C58 280 62 288 72 290 L94 296 C102 298 108 294 110 286 L132 196Z';
const SLEEVE_R = 'M266 106 C292 114 304 130 312 160 L340 270 C342 280 338 288 328 290 L306 296 C298 298 292 294 290 286 L268 196Z';

function sleeves(colour: string, cuff: string): string {
  return path(SLEEVE_L, colour) + path(SLEEVE_R, colour) +
    path('M62 264 L112 278 L109 290 C107 295 102 298 94 296 L72 290 C62 288 58 280 60 270Z', cuff) +
    path('M338 264 L288 278 L291 290 C293 295 298 298 306 296 L328 290 C338 288 342 280 340 270Z', cuff);
}

function hood(colour: string, inside: string): string {
  return path('M148 104 C140 66 164 42 200 42 C236 42 260 66 252 104 C236 118 164 118 148 104Z', colour) +
    path('M166 100 C158 74 176 58 200 58 C224 58 242 74 234 100 C226 112 214 118 200 122 C186 118 174 112 166 100Z', inside);
}

const zip = (colour: string, from = 112): string =>
  stroke(`M200 ${from} V318`, colour, 4) + `<rect x="197" y="${from + 4}" width="6" height="15" rx="2.5" fill="${colour}"/>`;

const mark = (colour: string): string => stroke('M228 152 L238 139 L244 146 L250 136 L260 152', colour, 3);

export function shell([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.1), dark(main, 0.1), 'slant');
  return `<defs>${g}</defs>${shadow(200, 330, 110)}` + sleeves(dark(main, 0.1), dark(main, 0.35)) + path(BODY, ref) +
    path('M132 106 C150 96 168 92 200 92 C232 92 250 96 268 106 L275 142 C250 162 226 170 200 170 C174 170 150 162 125 142Z', second) +
    hood(second, dark(second, 0.45)) + zip(accent, 118) + mark(light(accent, 0.5)) +
    stroke('M138 236 L168 216', accent, 4) + stroke('M262 236 L232 216', accent, 4) +
    stroke('M118 300 H282', dark(main, 0.3), 2, 'stroke-dasharray="6 5"') +
    path('M140 112 C136 180 138 250 134 318 H126 C120 250 122 180 130 118Z', '#ffffff', 'opacity=".14"');
}

export function puffer([main, , accent]: Palette, long: boolean): string {
  const [g, ref] = gradient(light(main, 0.2), dark(main, 0.08), 'slant');
  const low = long ? 344 : 318;
  let rows = '';
  for (let y = 132; y < low - 8; y += 30) {
    rows += stroke(`M118 ${y} Q158 ${y + 11} 199 ${y} Q242 ${y + 11} 282 ${y}`, dark(main, 0.26), 3, 'opacity=".8"') +
      stroke(`M122 ${y + 8} Q158 ${y + 18} 196 ${y + 8}`, light(main, 0.45), 3, 'opacity=".5"') +
      stroke(`M206 ${y + 8} Q242 ${y + 18} 278 ${y + 8}`, light(main, 0.45), 3, 'opacity=".35"');
  }
  const arm = [[124, 148], [94, 186], [84, 220], [76, 252]].slice(1)
    .map(([x = 0, y = 0]) => stroke(`M${x - 10} ${y} Q${x + 12} ${y + 12} ${x + 34} ${y + 8}`, dark(main, 0.26), 3, 'opacity=".7"') +
      stroke(`M${400 - x + 10} ${y} Q${400 - x - 12} ${y + 12} ${400 - x - 34} ${y + 8}`, dark(main, 0.26), 3, 'opacity=".7"')).join('');
  const body = long
    ? 'M130 104 C150 94 168 92 200 92 C232 92 250 94 270 104 L286 180 L292 334 C292 344 284 348 274 348 H126 C116 348 108 344 108 334 L114 180Z'
    : 'M130 104 C150 94 168 92 200 92 C232 92 250 94 270 104 C286 130 288 150 286 180 L288 306 C288 318 278 322 266 322 H134 C122 322 112 318 112 306 L114 180 C112 150 114 130 130 104Z';
  const fur = long ? stroke('M158 98 C148 66 170 46 200 46 C230 46 252 66 242 98', light(accent, 0.35), 17, 'stroke-dasharray="3 5"') +
    stroke('M158 98 C148 66 170 46 200 46 C230 46 252 66 242 98', accent, 9, 'opacity=".85"') : '';
  return `<defs>${g}</defs>${shadow(200, low + 12, 112)}` + sleeves(dark(main, 0.06), dark(main, 0.4)) + arm + path(body, ref) + rows +
    hood(dark(main, 0.08), dark(main, 0.5)) + fur + zip(dark(main, 0.45), 116).replaceAll('V318', `V${low}`) + mark(accent) +
    (long ? path('M132 250 h44 v40 q0 8 -8 8 h-28 q-8 0 -8 -8Z M268 250 h-44 v40 q0 8 8 8 h28 q8 0 8 -8Z', dark(main, 0.18)) +
      stroke('M132 262 h44 M224 262 h44', light(main, 0.3), 2) : '');
}

export function fleece([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.16), dark(main, 0.06));
  let pile = '';
  for (let i = 0; i < 60; i += 1) {
    const x = 128 + ((i * 53) % 146);
    const y = 176 + ((i * 37) % 132);
    pile += stroke(`M${x} ${y} q4 -5 8 0`, light(main, 0.42), 2, 'opacity=".75"');
  }
  return `<defs>${g}</defs>${shadow(200, 330, 108)}` + sleeves(dark(main, 0.08), second) + path(BODY, ref) + pile +
    path('M132 106 C150 96 168 92 200 92 C232 92 250 96 268 106 L278 158 H122Z', second) +
    hood(light(main, 0.08), dark(main, 0.4)) + zip(accent, 118) +
    path('M222 176 h42 v34 q0 8 -8 8 h-26 q-8 0 -8 -8Z', second) + stroke('M222 186 h42', accent, 3) +
    path('M116 296 H284 V306 C284 316 276 320 266 320 H134 C124 320 116 316 116 306Z', second);
}

export function wind([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.22), dark(main, 0.05), 'slant');
  return `<defs>${g}</defs>${shadow(200, 330, 106)}` + sleeves(light(main, 0.06), second) + path(BODY, ref) +
    path('M118 176 L282 176 L283 222 L117 222Z', second) + path('M118 176 L282 176 L282 186 L118 186Z', accent) +
    path('M164 92 C164 74 182 70 200 70 C218 70 236 74 236 92 L232 108 C222 116 210 120 200 124 C190 120 178 116 168 108Z', dark(main, 0.18)) +
    zip(dark(main, 0.4), 120) + mark('#ffffff') +
    path('M142 112 C136 180 138 250 134 318 H124 C120 250 122 180 132 116Z', '#ffffff', 'opacity=".22"') +
    stroke('M120 306 H280', light(main, 0.5), 2, 'stroke-dasharray="6 5"');
}
