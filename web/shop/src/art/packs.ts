import {dark, gradient, light, path, shadow, stroke, type Palette} from './tools';

const buckle = (x: number, y: number, colour: string): string =>
  `<rect x="${x - 9}" y="${y - 6}" width="18" height="12" rx="3" fill="${colour}"/>`;

export function daypack([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.14), dark(main, 0.12), 'slant');
  return `<defs>${g}</defs>${shadow(200, 326, 98)}` +
    stroke('M172 84 C172 52 228 52 228 84', dark(main, 0.4), 10) +
    path('M112 200 C94 214 92 290 108 312 L126 312 V200Z M288 200 C306 214 308 290 292 312 L274 312 V200Z', dark(main, 0.3)) +
    path('M118 148 C118 96 152 76 200 76 C248 76 282 96 282 148 L288 296 C288 314 276 322 258 322 H142 C124 322 112 314 112 296Z', ref) +
    path('M118 148 C118 96 152 76 200 76 C248 76 282 96 282 148 L283 170 C240 186 160 186 117 170Z', second) +
    stroke('M120 172 C164 188 236 188 280 172', dark(main, 0.45), 3) +
    path('M134 212 C134 204 140 200 148 200 H252 C260 200 266 204 266 212 L270 290 C270 302 262 308 252 308 H148 C138 308 130 302 130 290Z', dark(main, 0.14)) +
    stroke('M140 224 H260', accent, 4) + `<rect x="244" y="221" width="18" height="7" rx="3" fill="${light(accent, 0.3)}"/>` +
    stroke('M150 248 L250 292 M250 248 L150 292', light(main, 0.35), 3, 'opacity=".75"') +
    stroke('M176 140 L192 118 L202 130 L212 114 L228 140', light(accent, 0.4), 4) +
    path('M126 150 C126 110 150 90 178 84 C152 104 142 130 140 200 L136 316 H126Z', '#ffffff', 'opacity=".12"');
}

export function trekpack([main, second, accent]: Palette, big: boolean): string {
  const [g, ref] = gradient(light(main, 0.12), dark(main, 0.14), 'across');
  const roll = big ? `<rect x="118" y="302" width="164" height="40" rx="20" fill="${second}"/>` +
    stroke('M150 302 V342 M250 302 V342', dark(main, 0.4), 7) + `<circle cx="262" cy="322" r="9" fill="${dark(second, 0.25)}"/>` : '';
  return `<defs>${g}</defs>${shadow(200, big ? 346 : 328, 104)}` +
    path('M110 214 C90 232 92 300 112 318 L130 310 V214Z M290 214 C310 232 308 300 288 318 L270 310 V214Z', second) +
    path('M126 128 H274 L284 300 C284 316 274 322 260 322 H140 C126 322 116 316 116 300Z', ref) +
    path('M138 200 H262 L268 296 C268 306 260 310 252 310 H148 C140 310 132 306 132 296Z', dark(main, 0.2)) +
    stroke('M148 200 C160 260 240 260 252 200', light(main, 0.3), 3, 'opacity=".8"') +
    stroke('M158 130 V322 M242 130 V322', dark(main, 0.45), 8) + buckle(158, 186, accent) + buckle(242, 186, accent) +
    path('M120 132 C116 88 146 62 200 62 C254 62 284 88 280 132 C282 146 274 152 262 152 H138 C126 152 118 146 120 132Z', second) +
    path('M120 132 C160 142 240 142 280 132 C282 146 274 152 262 152 H138 C126 152 118 146 120 132Z', dark(second, 0.22)) +
    stroke('M148 104 C180 94 220 94 252 104', accent, 4) + stroke('M182 60 C182 44 218 44 218 60', dark(main, 0.4), 8) +
    stroke('M178 126 L192 108 L201 118 L210 106 L224 126', '#ffffff', 3, 'opacity=".85"') +
    stroke('M296 150 L302 300', light(accent, 0.2), 5) + stroke('M296 150 C290 140 300 134 306 142', light(accent, 0.2), 5) + roll;
}

export function duffel([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.18), dark(main, 0.14));
  return `<defs>${g}</defs>${shadow(200, 312, 156)}` +
    stroke('M142 178 C146 110 254 110 258 178', dark(second, 0.3), 11) +
    path('M70 196 C70 174 86 164 106 164 H294 C314 164 330 174 330 196 V274 C330 298 316 308 294 308 H106 C84 308 70 298 70 274Z', ref) +
    path('M70 196 C70 174 86 164 106 164 H118 V308 H106 C84 308 70 298 70 274Z M330 196 C330 174 314 164 294 164 H282 V308 H294 C316 308 330 298 330 274Z', second) +
    stroke('M142 172 V306 M258 172 V306', dark(second, 0.25), 14) + stroke('M142 172 V306 M258 172 V306', light(second, 0.3), 1.5, 'stroke-dasharray="5 4"') +
    stroke('M112 186 H288', accent, 4) + `<rect x="208" y="181" width="20" height="10" rx="4" fill="${light(accent, 0.3)}"/>` +
    stroke('M178 250 L192 230 L201 241 L211 226 L226 250', light(accent, 0.55), 4) +
    path('M82 182 C98 172 140 170 200 170 C260 170 302 172 318 182 L314 190 H86Z', '#ffffff', 'opacity=".16"');
}

export function hipPack([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.16), dark(main, 0.1));
  return `<defs>${g}</defs>${shadow(200, 298, 130)}` +
    stroke('M104 226 C40 210 46 128 112 122 C170 116 240 116 290 122 C356 128 360 210 296 226', dark(main, 0.45), 14) +
    buckle(200, 118, second) +
    path('M92 214 C96 194 112 188 132 188 H268 C288 188 304 194 308 214 L300 262 C296 284 282 292 262 292 H138 C118 292 104 284 100 262Z', ref) +
    path('M92 214 C96 194 112 188 132 188 H268 C288 188 304 194 308 214 L306 226 C250 236 150 236 94 226Z', second) +
    stroke('M96 226 C150 238 250 238 304 226', accent, 4) + `<rect x="268" y="222" width="20" height="9" rx="4" fill="${light(accent, 0.3)}"/>` +
    stroke('M180 272 L193 254 L201 264 L210 251 L223 272', '#ffffff', 3, 'opacity=".8"');
}
