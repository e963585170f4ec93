import {dark, gradient, light, path, shadow, stroke, type Palette} from './tools';

const peg = (x: number, y: number, to: number, colour: string): string =>
  stroke(`M${x} ${y} L${to} 312`, colour, 2, 'opacity=".7"') + stroke(`M${to} 306 l3 10`, dark(colour, 0.4), 4);

export function dome([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.2), dark(main, 0.12), 'slant');
  return `<defs>${g}</defs>${shadow(200, 314, 172, 11)}` + peg(110, 200, 24, second) + peg(296, 200, 376, second) +
    path('M44 312 C62 206 116 124 200 124 C284 124 338 206 356 312Z', ref) +
    path('M200 124 C284 124 338 206 356 312 H290 C282 226 252 156 200 124Z', dark(main, 0.2)) +
    path('M200 124 C152 156 122 226 116 312 H262 C264 230 246 160 200 124Z', light(main, 0.12)) +
    path('M190 176 C166 208 152 260 150 312 H236 C238 258 220 206 190 176Z', dark(main, 0.58)) +
    path('M190 176 C166 208 152 260 150 312 H176 C170 262 176 214 190 176Z', second) +
    stroke('M44 312 C90 190 146 134 200 124 C254 134 312 196 356 312', accent, 4) +
    stroke('M116 312 C122 226 152 156 200 124 C246 160 266 226 264 312', accent, 3.5) +
    stroke('M60 306 H112', light(main, 0.4), 2, 'stroke-dasharray="6 5"') +
    path('M84 268 C98 220 124 178 156 150 C130 190 114 230 108 276Z', '#ffffff', 'opacity=".14"');
}

export function solo([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.2), dark(main, 0.1));
  return `<defs>${g}</defs>${shadow(200, 314, 170, 10)}` + peg(146, 176, 44, second) + peg(300, 236, 384, second) +
    path('M50 312 C76 246 110 196 148 172 C220 196 308 244 360 312Z', ref) +
    path('M148 172 C220 196 308 244 360 312 H238 C222 252 190 202 148 172Z', dark(main, 0.18)) +
    path('M148 172 C190 202 222 252 238 312 H108 C112 256 124 208 148 172Z', light(main, 0.1)) +
    path('M154 206 C138 236 130 276 128 312 H206 C200 268 182 230 154 206Z', dark(main, 0.56)) +
    path('M154 206 C182 230 200 268 206 312 H182 C182 272 172 236 154 206Z', second) +
    stroke('M50 312 C76 246 110 196 148 172 C190 202 222 252 238 312', accent, 4) +
    stroke('M148 172 C220 196 308 244 360 312', accent, 3) + stroke('M300 252 l14 26', light(main, 0.4), 2);
}

export function tunnel([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.22), dark(main, 0.12));
  return `<defs>${g}</defs>${shadow(200, 314, 180, 11)}` + peg(78, 190, 14, second) + peg(330, 196, 390, second) +
    path('M30 312 C34 214 66 152 116 148 C180 138 252 144 300 156 C346 168 368 232 372 312Z', ref) +
    path('M116 148 C66 152 34 214 30 312 H196 C196 214 166 150 116 148Z', light(main, 0.16)) +
    path('M112 182 C84 192 68 246 66 312 H160 C160 244 142 188 112 182Z', dark(main, 0.58)) +
    path('M112 182 C84 192 68 246 66 312 H92 C90 252 96 206 112 182Z', second) +
    stroke('M116 148 C166 150 196 214 196 312', accent, 5) + stroke('M212 144 C258 152 284 216 286 312', accent, 4) +
    stroke('M300 156 C346 168 368 232 372 312', accent, 4) + stroke('M116 148 C66 152 34 214 30 312', accent, 4) +
    path('M214 206 C232 200 252 204 264 212 L272 252 C252 246 234 246 218 250Z', dark(main, 0.4)) +
    stroke('M243 203 L246 247', light(main, 0.3), 3) +
    path('M130 152 C190 146 252 150 296 160 C262 156 200 158 166 172Z', '#ffffff', 'opacity=".2"');
}

export function tarp([main, second, accent]: Palette): string {
  const [g, ref] = gradient(light(main, 0.2), dark(main, 0.06), 'slant');
  return `<defs>${g}</defs>${shadow(206, 314, 150, 9)}` + stroke('M96 142 V314', '#8a6f52', 6) + stroke('M318 132 V314', '#8a6f52', 6) +
    peg(96, 146, 22, second) + peg(318, 136, 388, second) +
    path('M96 142 C160 166 250 160 318 132 L362 226 C270 250 140 256 52 240Z', ref) +
    path('M96 142 C160 166 250 160 318 132 L326 150 C250 176 160 182 88 160Z', dark(main, 0.15)) +
    stroke('M96 142 C160 166 250 160 318 132', accent, 4) + stroke('M206 160 L206 251', dark(main, 0.2), 2, 'stroke-dasharray="6 5"') +
    stroke('M52 240 L34 306 M362 226 L378 300 M206 251 L206 306', second, 2) +
    path('M150 314 q0 -22 22 -22 h64 q22 0 22 22Z', light(second, 0.25)) + stroke('M162 300 h84', accent, 3);
}
