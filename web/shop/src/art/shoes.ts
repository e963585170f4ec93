import {dark, gradient, light, path, shadow, stroke, type Palette} from './tools';

function laces(points: ReadonlyArray<readonly [number, number]>, colour: string): string {
  return points.map(([x, y]) =>
    stroke(`M${x - 13} ${y + 13} Q${x + 2} ${y - 1} ${x + 13} ${y - 9}`, colour, 5)).join('');
}

function lugs(from: number, to: number, y: number, colour: string): string {
  let out = '';
  for (let x = from; x < to; x += 19) out += path(`M${x} ${y} h13 l-2.5 9 h-8Z`, colour);
  return out;
}

/** A low shoe, toe to the right. */
export function lowShoe([main, second, accent]: Palette): string {
  const [g, upper] = gradient(light(main, 0.12), dark(main, 0.12));
  return `<defs>${g}</defs>${shadow(208, 314, 162)}` +
    lugs(78, 338, 303, dark(second, 0.55)) +
    path('M56 276 C54 262 62 256 76 258 L334 258 C356 260 368 272 364 286 C360 300 346 306 326 306 H92 C70 306 58 296 56 276Z', light(second, 0.8)) +
    path('M58 288 C66 296 80 292 100 290 H332 C348 290 358 288 364 284 C362 300 346 306 326 306 H92 C72 306 60 298 58 288Z', dark(second, 0.35)) +
    path('M148 176 L170 128 C176 116 194 118 198 132 L206 190Z', dark(main, 0.35)) +
    path('M66 264 C60 228 62 190 70 158 C73 146 86 142 95 150 C110 166 136 170 156 160 C166 155 178 158 184 166 L236 218 C256 234 296 234 328 246 C350 254 360 264 356 274 C330 280 200 276 66 276Z', upper) +
    path('M66 264 C60 228 62 190 70 158 C73 146 86 142 95 150 C104 196 106 236 128 275 L66 276Z', second) +
    path('M272 236 C296 236 314 241 328 246 C350 254 360 264 356 274 C330 278 300 277 262 276 C258 262 262 246 272 236Z', second) +
    stroke('M112 268 L158 206 L182 238 L212 200 L250 266', accent, 6) +
    stroke('M150 166 L186 172 L238 222', dark(main, 0.4), 4, 'opacity=".6"') +
    laces([[184, 176], [201, 192], [218, 208], [234, 222]], light(accent, 0.55)) +
    stroke('M74 158 C66 150 64 138 72 130 C80 124 88 132 86 142', accent, 5) +
    stroke('M84 258 C160 264 250 262 340 262', light(main, 0.5), 1.6, 'stroke-dasharray="5 4" opacity=".7"');
}

/** A boot above the ankle; `tall` for winter. */
export function boot([main, second, accent]: Palette, tall: boolean): string {
  const [g, upper] = gradient(light(main, 0.14), dark(main, 0.16), 'slant');
  const top = tall ? 70 : 108;
  return `<defs>${g}</defs>${shadow(206, 322, 160)}` +
    lugs(74, 340, 311, dark(second, 0.6)) +
    path('M58 284 C54 268 62 262 76 262 L338 264 C360 266 370 280 366 294 C362 308 348 314 328 314 H92 C72 314 62 304 58 284Z', dark(second, 0.45)) +
    path('M60 276 C62 266 68 262 76 262 L338 264 C354 266 364 274 366 284 C330 278 120 280 60 276Z', light(second, 0.65)) +
    path(`M150 ${top + 12} L166 ${top - 18} C172 ${top - 28} 192 ${top - 24} 194 ${top - 12} L206 190Z`, dark(main, 0.38)) +
    path(`M70 268 C66 228 72 180 72 140 L70 ${top + 6} C70 ${top - 10} 84 ${top - 12} 96 ${top - 6} C116 ${top + 4} 140 ${top + 2} 160 ${top - 4} C172 ${top - 7} 180 ${top} 182 ${top + 10} C186 150 190 176 204 192 C222 214 262 218 300 228 C340 240 362 256 358 278 C300 282 160 278 70 276Z`, upper) +
    path(`M70 ${top + 6} C70 ${top - 10} 84 ${top - 12} 96 ${top - 6} C116 ${top + 4} 140 ${top + 2} 160 ${top - 4} C172 ${top - 7} 180 ${top} 182 ${top + 10} L184 ${top + 30} C150 ${top + 40} 104 ${top + 40} 70 ${top + 28}Z`, tall ? light(accent, 0.7) : second) +
    path('M68 244 C88 232 112 240 122 276 L70 276Z', second) +
    path('M270 222 C320 232 362 250 358 278 C330 280 296 280 262 279 C254 260 256 238 270 222Z', second) +
    stroke('M100 268 C108 226 150 216 200 240 C226 252 246 250 262 246', accent, 5) +
    stroke('M120 152 C112 186 116 214 132 232', dark(main, 0.3), 3, 'opacity=".55"') +
    laces(tall ? [[190, 146], [196, 170], [212, 194], [236, 208]] : [[186, 132], [190, 154], [200, 178], [218, 196], [240, 207]], light(accent, 0.6)) +
    stroke(`M74 ${top} C64 ${top - 8} 64 ${top - 22} 74 ${top - 26} C84 ${top - 28} 88 ${top - 18} 86 ${top - 8}`, accent, 5);
}

export function sandal([main, second, accent]: Palette): string {
  return shadow(204, 308, 160) + lugs(70, 344, 296, dark(second, 0.6)) +
    path('M54 276 C54 262 66 258 82 262 C140 274 180 250 230 248 C290 246 366 254 366 278 C366 294 348 300 326 300 H92 C68 300 54 292 54 276Z', dark(second, 0.3)) +
    path('M54 272 C56 260 68 258 82 260 C140 270 180 246 230 244 C290 242 362 250 366 272 C330 262 282 262 236 264 C184 266 130 288 54 272Z', light(second, 0.62)) +
    path('M84 264 C78 222 92 192 118 178 C134 170 148 176 144 190 C122 200 110 222 118 268Z', main) +
    path('M118 178 C160 186 196 212 214 250 L180 256 C166 226 146 206 116 198Z', light(main, 0.12)) +
    path('M206 250 C218 208 250 196 276 206 C300 216 318 236 324 256 L292 254 C280 236 262 228 250 232 C242 236 240 246 240 252Z', main) +
    path('M120 204 C168 178 214 190 242 214 L226 232 C196 212 160 214 124 230Z', dark(main, 0.16)) +
    `<rect x="158" y="186" width="34" height="22" rx="5" fill="${accent}" transform="rotate(4 175 197)"/>` +
    `<rect x="166" y="192" width="18" height="10" rx="3" fill="${dark(main, 0.3)}" transform="rotate(4 175 197)"/>` +
    stroke('M92 258 C88 226 100 204 120 190', light(main, 0.5), 1.6, 'stroke-dasharray="5 4"') +
    stroke('M216 248 C226 218 250 206 274 214 C292 222 306 238 312 252', light(main, 0.5), 1.6, 'stroke-dasharray="5 4"');
}
