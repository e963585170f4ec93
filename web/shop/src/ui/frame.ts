/** Header, footer, compare tray: what stays while pages change. */
import {CATEGORY, find} from '../catalogue';
import {icon} from '../art';
import {count} from '../lib/cart';
import {h} from '../lib/dom';
import {CATEGORIES, to} from '../lib/routes';
import {clearCompare, compared, onChange, theCart} from '../shop';
import {consentSwitch} from './consent';

function categoryLinks(): HTMLElement[] {
  return CATEGORIES.map((id) => h('li', {}, h('a', {href: to.category(id), 'data-nav': id}, CATEGORY[id].name)));
}

function searchForm(go: (href: string) => void): HTMLElement {
  const input = h('input', {type: 'search', name: 'q', id: 'search', placeholder: 'Search', autocomplete: 'off', 'aria-label': 'Search the shop', maxlength: 80});
  const form = h('form', {class: 'search', role: 'search', action: to.search('').split('?')[0] ?? '', onsubmit: (event) => {
    event.preventDefault();
    const query = input.value.trim();
    if (query !== '') go(to.search(query));
  }}, icon('search'), input);
  return form;
}

export function header(go: (href: string) => void): HTMLElement {
  const number = h('span', {class: 'cart-count'});
  const cartLink = h('a', {class: 'cart-link', href: to.cart}, icon('cart'), h('span', {class: 'cart-word'}, 'Cart'), number);
  const menu = h('nav', {class: 'menu', id: 'menu', 'aria-label': 'Categories'},
    h('ul', {role: 'list'}, categoryLinks(), h('li', {}, h('a', {href: to.gifts, 'data-nav': 'gifts'}, 'Gifts'))));
  const burger = h('button', {type: 'button', class: 'icon-button burger', 'aria-controls': 'menu', 'aria-expanded': 'false', 'aria-label': 'Menu',
    onclick: () => {
      const open = menu.classList.toggle('open');
      burger.setAttribute('aria-expanded', String(open));
    }}, icon('menu'));
  const update = (): void => {
    const n = count(theCart());
    number.textContent = `(${n})`;
    cartLink.setAttribute('aria-label', `Cart, ${n} ${n === 1 ? 'item' : 'items'}`);
  };
  update();
  onChange(update);
  return h('header', {class: 'top'},
    h('p', {class: 'promise'}, 'Free delivery from €60 · 60 days to return · Repairs for life'),
    h('div', {class: 'top-row'},
      burger,
      h('a', {class: 'brand', href: to.home}, brandMark(), h('span', {}, 'Northfold', h('small', {}, 'Outdoor'))),
      menu, searchForm(go), cartLink));
}

function brandMark(): Element {
  const el = icon('check');
  el.setAttribute('viewBox', '0 0 32 24');
  el.classList.add('brand-mark');
  el.querySelector('path')?.setAttribute('d', 'M2 21L11 6l5 8l4-7l10 14M11 6l-2 8l4-1l3 1');
  return el;
}

/** Marks the category we are in; closes the phone menu. */
export function markNav(current: string | null): void {
  for (const link of document.querySelectorAll('[data-nav]')) {
    if (link.getAttribute('data-nav') === current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.getElementById('menu')?.classList.remove('open');
  document.querySelector('.burger')?.setAttribute('aria-expanded', 'false');
}

export function footer(): HTMLElement {
  const links = (title: string, list: ReadonlyArray<readonly [string, string]>): HTMLElement =>
    h('div', {}, h('h2', {}, title), h('ul', {role: 'list'}, list.map(([text, href]) => h('li', {}, h('a', {href}, text)))));
  return h('footer', {class: 'foot'},
    h('div', {class: 'foot-row'},
      h('div', {class: 'foot-about'}, h('p', {class: 'foot-brand'}, 'Northfold Outdoor'),
        h('p', {}, 'A demonstration shop made for Tact. Everything works, nothing is sold, no address leaves this machine.')),
      links('Shop', CATEGORIES.map((id) => [CATEGORY[id].name, to.category(id)] as const)),
      links('Help', [['Size guide', to.sizeGuide], ['Delivery', to.delivery], ['Returns', to.returns], ['Gifts and wrapping', to.gifts]]),
      consentSwitch()));
}

export function compareTray(): HTMLElement {
  const tray = h('aside', {class: 'tray', 'aria-label': 'Things to compare', hidden: true});
  const update = (): void => {
    const list = compared().flatMap((id) => find(id) ?? []);
    tray.hidden = list.length === 0 || location.pathname === to.compare([]).split('?')[0];
    tray.replaceChildren(
      h('p', {}, h('b', {}, `${list.length} to compare`), h('span', {class: 'tray-names'}, list.map((product) => product.name).join(' · '))),
      h('div', {class: 'tray-buttons'},
        h('button', {type: 'button', class: 'quiet', onclick: () => clearCompare()}, 'Clear'),
        list.length > 1 ? h('a', {class: 'button small', href: to.compare(compared())}, icon('compare'), 'Compare')
          : h('span', {class: 'hint'}, 'Pick one more')));
    for (const box of document.querySelectorAll<HTMLInputElement>('[data-compare]')) {
      box.checked = compared().includes(box.dataset.compare ?? '');
    }
  };
  update();
  onChange(update);
  window.addEventListener('shown', update);
  return tray;
}
