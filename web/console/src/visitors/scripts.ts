/**
 * The one-click visitors: each is a list of things a person does, carried out in the real shop.
 * The selectors are the shop's public hooks (web/shop/README.md).
 */
import type {Words} from '../words';

export type VisitorId = 'unsure' | 'friday' | 'gift' | 'browsing';
export type StepName = keyof Words['steps'];

export type Act =
  | {do: 'reset'}
  | {do: 'click'; on: string}
  | {do: 'scroll'; to: string}
  | {do: 'wait'; ms: number};

export interface Step {name: StepName; act: Act; after?: number}

const arrive: readonly Step[] = [
  {name: 'reset', act: {do: 'reset'}, after: 500},
  {name: 'allow', act: {do: 'click', on: '[data-consent="yes"]'}, after: 700},
];
const nav = (name: StepName, category: string): Step => ({name, act: {do: 'click', on: `[data-nav="${category}"]`}, after: 900});
const product = (name: StepName, id: string): Step => ({name, act: {do: 'click', on: `main [data-product="${id}"] .card-link`}, after: 1200});
const open = (name: StepName, what: string): Step => ({name, act: {do: 'click', on: `main button[data-open="${what}"]`}, after: 1800});
const close: Step = {name: 'close', act: {do: 'click', on: 'dialog[open] .dialog-close'}, after: 900};
const read = (to: string): Step => ({name: 'read', act: {do: 'scroll', to}, after: 1500});
const look = (slot: string): Step => ({name: 'look', act: {do: 'scroll', to: `[data-tact-slot="${slot}"]`}, after: 1600});

export const SCRIPTS: Readonly<Record<VisitorId, readonly Step[]>> = {
  unsure: [...arrive, nav('shoes', 'shoes'), product('fjell', 'p7'), open('guide', 'size-guide'), close,
    {name: 'pick', act: {do: 'click', on: 'main [data-size="43"]'}, after: 900}, open('guideAgain', 'size-guide'), close, look('product.reassurance')],
  friday: [...arrive, nav('jackets', 'jackets'), product('regn', 'p8'), open('delivery', 'delivery'), close,
    read('#reviews'), open('deliveryAgain', 'delivery'), close, look('product.reassurance')],
  gift: [...arrive, nav('gifts', 'gifts'), product('mug', 'p29'), open('giftOption', 'gift'), close,
    {name: 'add', act: {do: 'click', on: 'main [data-add="p29"]'}, after: 1200}, {name: 'cart', act: {do: 'click', on: '.cart-link'}, after: 1200},
    {name: 'checkout', act: {do: 'click', on: 'main [data-checkout]'}, after: 900}, look('checkout.note')],
  browsing: [...arrive, nav('jackets', 'jackets'), read('main li:nth-child(5)'), product('regn', 'p8'), read('#reviews'),
    nav('packs', 'packs'), product('sti', 'p14'), nav('tents', 'tents'), read('main li:nth-child(3)')],
};

export const VISITORS = Object.keys(SCRIPTS) as VisitorId[];
