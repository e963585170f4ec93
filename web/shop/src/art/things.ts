import {dark, gradient, light, path, shadow, stroke, type Palette} from './tools';

export function headlamp([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.2), dark(main, 0.2));
  return `<defs>${g}</defs>${shadow(200, 306, 126)}` +
    path('M78 190 C90 108 310 108 322 190 L322 224 C306 148 94 148 78 224Z', second) +
    stroke('M84 204 C104 136 296 136 316 204', accent, 4, 'stroke-dasharray="14 10"') +
    path('M78 190 C70 262 140 302 200 302 C260 302 330 262 322 190 C322 250 262 278 200 278 C138 278 78 250 78 190Z', dark(second, 0.35)) +
    `<rect x="146" y="126" width="108" height="84" rx="22" fill="${ref}"/>` +
    `<circle cx="186" cy="168" r="29" fill="${dark(main, 0.5)}"/><circle cx="186" cy="168" r="22" fill="#fff3c9"/>` +
    `<circle cx="186" cy="168" r="11" fill="#ffffff"/><circle cx="230" cy="168" r="10" fill="${accent}"/>` +
    path('M172 160 L58 108 C44 140 44 196 58 230 L172 178Z', '#ffe9a6', 'opacity=".28"');
}

export function bottle([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.3), dark(main, 0.2), 'across');
  return `<defs>${g}</defs>${shadow(200, 328, 66)}` +
    stroke('M178 66 C178 36 222 36 222 66', dark(second, 0.2), 9) +
    `<rect x="166" y="62" width="68" height="34" rx="8" fill="${second}"/>` +
    stroke('M178 68 v22 M190 68 v22 M202 68 v22 M214 68 v22', dark(second, 0.3), 2.5) +
    path('M170 96 H230 C232 116 252 124 254 152 V300 C254 320 244 326 230 326 H170 C156 326 146 320 146 300 V152 C148 124 168 116 170 96Z', ref) +
    path('M146 230 L180 188 L202 214 L226 178 L254 220 V300 C254 320 244 326 230 326 H170 C156 326 146 320 146 300Z', accent, 'opacity=".9"') +
    path('M146 268 C176 244 216 272 254 248 V300 C254 320 244 326 230 326 H170 C156 326 146 320 146 300Z', dark(accent, 0.3)) +
    path('M158 150 C160 132 170 126 174 112 V318 C164 316 158 312 158 300Z', '#ffffff', 'opacity=".28"');
}

export function beanie([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.18), dark(main, 0.08));
  let ribs = '';
  for (let x = 104; x <= 300; x += 14) ribs += stroke(`M${x} 250 V302`, dark(second, 0.2), 3, 'opacity=".6"');
  return `<defs>${g}</defs>${shadow(200, 314, 128)}` +
    path('M96 254 C92 150 140 92 200 92 C260 92 308 150 304 254Z', ref) +
    stroke('M200 94 C160 130 146 190 144 250 M200 94 C240 130 254 190 256 250 M200 94 V250', dark(main, 0.22), 3, 'opacity=".6"') +
    path('M100 214 L128 184 L152 208 L186 168 L214 204 L238 182 L270 212 L296 192 L303 226 V240 H97Z', accent, 'opacity=".9"') +
    `<rect x="86" y="240" width="228" height="68" rx="22" fill="${second}"/>` + ribs +
    `<rect x="236" y="262" width="42" height="26" rx="3" fill="${light(accent, 0.75)}"/>` + stroke('M244 282 l8 -11 5 6 5 -8 9 13', dark(main, 0.4), 2.5) +
    `<circle cx="200" cy="86" r="26" fill="${light(accent, 0.25)}"/>` +
    [0, 1, 2, 3, 4, 5, 6, 7].map((i) => stroke(`M200 86 L${200 + 25 * Math.cos(i * 0.785)} ${86 + 25 * Math.sin(i * 0.785)}`, light(accent, 0.55), 4)).join('');
}

export function gloves([main, second, accent]: Palette): string {
  const one = path('M96 210 V132 C96 112 120 112 121 132 V122 C122 100 146 100 147 122 V118 C148 98 172 98 172 120 V132 C174 114 194 116 194 134 V214 C210 196 222 178 236 186 C248 194 238 212 226 230 L196 274 V320 C196 328 190 332 182 332 H112 C104 332 98 328 98 320Z', main) +
    path('M98 276 H196 V320 C196 328 190 332 182 332 H112 C104 332 98 328 98 320Z', second) + stroke('M98 292 H196', accent, 5) +
    stroke('M121 132 V186 M147 122 V186 M172 132 V186', dark(main, 0.3), 3, 'opacity=".7"') +
    path('M112 214 C124 204 166 204 180 214 L182 256 C160 264 130 264 110 256Z', dark(main, 0.2)) + stroke('M132 246 l12 -17 8 9 8 -13 12 21', light(accent, 0.5), 3);
  return shadow(200, 334, 130) + `<g transform="translate(-30 -16) rotate(-5 150 220)">${one}</g>` +
    `<g transform="translate(402 -6) scale(-1 1) rotate(-7 150 220)">${one}</g>`;
}

export function poles([main, second, accent]: Palette): string {
  const pole = (x: number, lean: number): string => `<g transform="rotate(${lean} ${x} 330)">` +
    stroke(`M${x} 96 V330`, main, 7) + stroke(`M${x} 96 V210`, light(main, 0.3), 9) + stroke(`M${x} 210 V222`, accent, 13) +
    path(`M${x - 9} 48 C${x - 9} 38 ${x + 11} 38 ${x + 10} 50 L${x + 8} 112 H${x - 8}Z`, second) +
    stroke(`M${x - 6} 64 h12 M${x - 6} 76 h12 M${x - 6} 88 h12`, light(second, 0.3), 2.5) +
    stroke(`M${x - 4} 54 C${x - 36} 60 ${x - 34} 122 ${x - 6} 112`, accent, 5) +
    path(`M${x - 20} 304 h40 l-8 10 h-24Z`, dark(second, 0.3)) + path(`M${x - 3} 326 h6 l-3 16Z`, '#5b666d') + '</g>';
  return shadow(200, 334, 104) + pole(158, -13) + pole(238, 13);
}

export function stove([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.25), dark(main, 0.2), 'across');
  return `<defs>${g}</defs>${shadow(200, 330, 88)}` +
    `<rect x="136" y="112" width="128" height="84" rx="10" fill="${light('#9aa5a8', 0.35)}"/>` +
    `<rect x="136" y="112" width="26" height="84" rx="8" fill="#ffffff" opacity=".4"/>` + `<rect x="128" y="104" width="144" height="14" rx="7" fill="#7f8a8d"/>` +
    stroke('M272 132 h34 c14 0 14 40 0 40 h-34', second, 8) +
    stroke('M176 92 c-10 -12 10 -18 0 -32 M204 90 c-10 -14 10 -22 0 -38 M230 92 c-10 -12 10 -18 0 -32', '#aab4b6', 4, 'opacity=".6"') +
    path('M158 226 C164 206 178 216 182 200 C190 214 196 208 200 198 C206 210 212 212 218 200 C222 216 236 206 242 226Z', '#f0a24a') +
    path('M176 226 C182 214 192 218 200 208 C208 218 218 214 224 226Z', '#fbe1a0') +
    stroke('M140 200 L160 236 M260 200 L240 236', '#7f8a8d', 7) + `<rect x="158" y="226" width="84" height="14" rx="6" fill="#5b666d"/>` +
    `<rect x="190" y="238" width="20" height="24" fill="#7f8a8d"/>` + stroke('M210 250 h34', accent, 6) +
    path('M142 286 C142 266 168 260 200 260 C232 260 258 266 258 286 V312 C258 324 246 328 234 328 H166 C154 328 142 324 142 312Z', ref) +
    path('M142 288 H258 V306 H142Z', accent) + stroke('M182 302 l11 -10 7 5 7 -8 12 13', '#ffffff', 3);
}

export function mug([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.22), dark(main, 0.14), 'across');
  return `<defs>${g}</defs>${shadow(196, 314, 110)}` +
    stroke('M276 176 C334 170 334 262 270 262', dark(main, 0.12), 17) +
    path('M106 140 H286 L278 292 C277 306 268 312 256 312 H136 C124 312 115 306 114 292Z', ref) +
    `<ellipse cx="196" cy="140" rx="92" ry="18" fill="${second}"/><ellipse cx="196" cy="142" rx="80" ry="12" fill="#5d4330"/>` +
    path('M132 262 L166 214 L188 240 L212 204 L256 262Z', accent) + path('M212 204 L224 221 L212 226 L202 219Z M166 214 L175 225 L166 230 L158 225Z', '#ffffff') +
    stroke('M170 108 c-10 -14 10 -22 0 -38 M204 106 c-10 -16 10 -24 0 -42', '#aab4b6', 5, 'opacity=".55"') +
    path('M120 156 L132 158 L140 304 L130 302Z', '#ffffff', 'opacity=".3"');
}

export function socks([main, second, accent]: Palette): string {
  const one = path('M120 76 H186 V206 C186 222 196 230 212 240 L258 268 C284 284 276 316 244 316 C200 316 162 306 138 276 C126 260 120 244 120 222Z', main) +
    path('M120 76 H186 V112 H120Z', second) + stroke('M130 80 v28 M141 80 v28 M152 80 v28 M163 80 v28 M174 80 v28', dark(second, 0.18), 3) +
    path('M120 214 C140 210 160 226 158 250 C156 268 148 276 138 276 C126 260 120 244 120 222Z', second) +
    path('M246 262 C282 282 276 316 244 316 C232 316 222 315 214 313 C216 290 228 272 246 262Z', second) +
    stroke('M120 132 H186 M120 146 H186', accent, 5) + stroke('M136 190 l12 -16 8 9 8 -12 12 19', light(accent, 0.4), 3);
  return shadow(206, 322, 124) + `<g transform="translate(66 -18) rotate(6 200 200)" opacity=".92">${one}</g><g transform="translate(-22 0)">${one}</g>`;
}
