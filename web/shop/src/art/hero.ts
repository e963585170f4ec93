/** The wide picture on the home page: early light over a lake, one tent. */
import {pine} from './scene';
import {gradient, path, stroke} from './tools';

function forest(from: number, to: number, y: number, base: number, colour: string): string {
  let out = '';
  for (let x = from, i = 0; x < to; x += 22 + ((i * 17) % 19), i += 1) out += pine(x, y + ((i * 7) % 11), base + ((i * 41) % 46), colour);
  return out;
}

export function hero(): string {
  const [sky, skyRef] = gradient('#c9dbe2', '#fbe9d3');
  const [lake, lakeRef] = gradient('#e9dcc9', '#8fb0b4');
  const [tent, tentRef] = gradient('#f0a65a', '#c8602f', 'slant');
  return `<defs>${sky}${lake}${tent}</defs><rect width="1600" height="640" fill="${skyRef}"/>` +
    '<circle cx="1090" cy="250" r="150" fill="#fff3dc" opacity=".45"/><circle cx="1090" cy="250" r="78" fill="#fff6e3"/>' +
    path('M0 344 L150 282 L250 322 L400 262 L530 318 L640 250 L790 118 L960 300 L1050 246 L1190 332 L1330 196 L1480 300 L1600 238 V460 H0Z', '#b7c9cd') +
    path('M790 118 L852 184 L822 180 L794 208 L766 176 L726 178Z M1330 196 L1380 230 L1346 234 L1324 252 L1292 226Z', '#ffffff', 'opacity=".8"') +
    path('M0 392 L190 300 L360 380 L520 290 L720 392 L900 330 L1120 400 L1300 322 L1600 396 V480 H0Z', '#8fa9aa') +
    path('M0 430 C240 380 420 432 640 414 C900 392 1180 440 1600 398 V500 H0Z', '#64857f') +
    forest(-10, 420, 440, 62, '#3f625a') + forest(1180, 1620, 440, 58, '#3f625a') +
    path('M0 442 H1600 V640 H0Z', lakeRef) +
    stroke('M930 470 h320 M980 492 h220 M1020 516 h140 M1040 542 h90', '#fff3dc', 4, 'opacity=".7"') +
    stroke('M300 478 h160 M520 500 h110 M220 520 h90', '#ffffff', 3, 'opacity=".45"') +
    path('M0 520 C180 486 420 500 600 548 C760 590 900 606 1000 640 H0Z', '#3c584c') +
    path('M1600 560 C1480 540 1340 572 1240 640 H1600Z', '#3c584c') +
    forest(-20, 130, 560, 150, '#263f37') + forest(1500, 1640, 600, 170, '#263f37') +
    path('M300 574 C322 500 372 450 430 446 C500 462 560 520 590 588Z', tentRef) +
    path('M430 446 C500 462 560 520 590 588 L476 590 C474 530 460 480 430 446Z', '#a84c26') +
    path('M418 486 C400 516 390 552 388 584 L446 588 C446 550 438 514 418 486Z', '#fbdf9f') +
    stroke('M300 574 C322 500 372 450 430 446 C500 462 560 520 590 588', '#7d3a1f', 3) +
    stroke('M340 500 L262 586 M548 516 L632 604', '#d9cdb8', 2) +
    path('M0 604 C200 574 460 588 680 640 H0Z', '#304a40');
}
