/** Tables that stand both on a page and in a dialog. */
import {DELIVERY, FREE_DELIVERY_FROM, GIFT_WRAP} from '../lib/cart';
import {arrivalWindow} from '../lib/days';
import {h} from '../lib/dom';
import {euro} from '../lib/money';
import type {CategoryId} from '../lib/types';

export function table(caption: string, head: readonly string[], rows: ReadonlyArray<readonly string[]>): HTMLElement {
  return h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption}, h('table', {},
    h('caption', {}, caption),
    h('thead', {}, h('tr', {}, head.map((text) => h('th', {scope: 'col'}, text)))),
    h('tbody', {}, rows.map(([first, ...rest]) => h('tr', {}, h('th', {scope: 'row'}, first ?? ''), rest.map((text) => h('td', {}, text)))))));
}

const SHOES = () => table('Shoes', ['EU', 'UK', 'US', 'Foot length'], [
  ['36', '3.5', '5.5', '22.7 cm'], ['37', '4', '6', '23.3 cm'], ['38', '5', '7', '24.0 cm'], ['39', '6', '8', '24.7 cm'],
  ['40', '6.5', '8.5', '25.3 cm'], ['41', '7.5', '9.5', '26.0 cm'], ['42', '8', '10', '26.7 cm'], ['43', '9', '11', '27.3 cm'],
  ['44', '9.5', '11.5', '28.0 cm'], ['45', '10.5', '12.5', '28.7 cm'], ['46', '11', '13', '29.3 cm'], ['47', '12', '14', '30.0 cm']]);
const CLOTHES = () => table('Jackets', ['Size', 'Chest', 'Waist', 'Sleeve'], [
  ['XS', '80–86 cm', '66–72 cm', '61 cm'], ['S', '87–93 cm', '73–79 cm', '62.5 cm'], ['M', '94–101 cm', '80–87 cm', '64 cm'],
  ['L', '102–109 cm', '88–96 cm', '65.5 cm'], ['XL', '110–118 cm', '97–106 cm', '67 cm'], ['XXL', '119–128 cm', '107–117 cm', '68.5 cm']]);
const BACKS = () => table('Packs', ['Size', 'Back length', 'Body height, about'], [['S/M', '40–47 cm', 'up to 1.74 m'], ['M/L', '46–54 cm', 'from 1.70 m']]);
const SMALL = () => table('Gloves and socks', ['Size', 'Hand, around', 'Socks, EU'], [['S', '17–19 cm', '36–38'], ['M', '19–21 cm', '39–41'], ['L', '21–23 cm', '42–44'], ['XL', '23–25 cm', '45–47']]);

export function sizeTable(category: CategoryId): HTMLElement {
  if (category === 'shoes') {
    return h('div', {}, SHOES(), h('p', {}, h('b', {}, 'Between two sizes? '), 'Take the larger one. A thumb’s width in front of the toes is right for walking downhill.'));
  }
  if (category === 'jackets') return h('div', {}, CLOTHES(), h('p', {}, h('b', {}, 'Wearing a fleece below? '), 'Stay with your size for shells, they are cut for it.'));
  if (category === 'packs') return h('div', {}, BACKS(), h('p', {}, 'Measure from the bone at the bottom of your neck down to the top of your hips.'));
  return SMALL();
}

export function allSizeTables(): HTMLElement[] {
  return [SHOES(), CLOTHES(), BACKS(), SMALL()];
}

export function deliveryTable(now: Date): HTMLElement {
  const when = arrivalWindow(now);
  return h('div', {}, table('If you order now', ['Way', 'Arrives', 'Costs'], [
    ['Standard', when.standard, `${euro(DELIVERY.standard)}, free from ${euro(FREE_DELIVERY_FROM)}`],
    ['Express', when.express, euro(DELIVERY.express)],
    ['Pick-up point', when.standard, `${euro(DELIVERY.standard)}, free from ${euro(FREE_DELIVERY_FROM)}`]]),
  h('p', {}, 'Orders before 14:00 leave the same working day. You can follow the parcel from the moment it leaves.'));
}

export function giftText(): HTMLElement {
  return h('div', {}, h('p', {}, `We wrap your order in cotton cloth and string (${euro(GIFT_WRAP)}), leave the price off every paper, and put in a card with your words.`),
    h('p', {}, 'Gifts can be exchanged for 90 days, without the giver hearing of it.'));
}
