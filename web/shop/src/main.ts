/**
 * Boots the shop and moves between pages. Order matters for Tact: the page's details and its content
 * are in place before the address changes, because the SDK reads both when the address changes.
 */
import './style/index.css';
import {find} from './catalogue';
import {h} from './lib/dom';
import {inShop, parse, type Route} from './lib/routes';
import type {Product} from './lib/types';
import {onChange} from './shop';
import {describe, load} from './tact';
import {closeDialogs} from './ui/dialog';
import {consentBanner} from './ui/consent';
import {compareTray, footer, header, markNav} from './ui/frame';
import {cart, drawCart} from './views/cart';
import {category} from './views/category';
import {checkout, payment, thanks} from './views/checkout';
import {compare} from './views/compare';
import {home} from './views/home';
import {delivery, gifts, notFound, returns, sizeGuide} from './views/info';
import {product} from './views/product';
import {search} from './views/search';
import type {View} from './views/view';

const main = h('main', {id: 'main'});
/** The product page we are leaving, so that "size guide" knows which size is asked about. */
let cameFrom: Product | null = null;
let here: Route = {name: 'not_found'};
let address = '';

function view(route: Route): View {
  switch (route.name) {
    case 'home': return home();
    case 'category': return category(route.category, route.query);
    case 'product': {
      const found = find(route.key);
      return found ? product(found) : notFound();
    }
    case 'search': return search(route.query.get('q') ?? '');
    case 'compare': return compare(route.ids, go);
    case 'size_guide': return sizeGuide(cameFrom);
    case 'delivery': return delivery(cameFrom);
    case 'returns': return returns();
    case 'gifts': return gifts();
    case 'cart': return cart();
    case 'checkout': return checkout(go);
    case 'payment': return payment(go);
    case 'thanks': return thanks();
    case 'not_found': return notFound();
  }
}

/** `how`: push a new address, replace it, or leave it because the browser already moved. */
function show(target: string, how: 'push' | 'replace' | 'leave'): void {
  const url = new URL(target, location.href);
  const next = parse(url.pathname, url.search);
  cameFrom = here.name === 'product' ? find(here.key) ?? null : null;
  closeDialogs();
  document.querySelector('.toast')?.remove();
  const made = view(next);
  here = next;
  document.title = `${made.title} – Northfold Outdoor`;
  describe(made.page);
  main.replaceChildren(made.body);
  markNav(made.nav ?? null);
  const final = made.address ? made.address + url.search + url.hash : url.pathname + url.search + url.hash;
  if (how === 'push') history.pushState(null, '', final);
  else if (how === 'replace' || final !== location.pathname + location.search + location.hash) history.replaceState(history.state, '', final);
  address = location.pathname + location.search;
  window.dispatchEvent(new Event('shown'));
  made.shown?.();
}

function go(target: string): void {
  show(target, 'push');
  window.scrollTo(0, 0);
  main.querySelector<HTMLElement>('h1')?.focus({preventScroll: true});
}

/** Plain left clicks on links that lead into the shop, also those in messages from Tact. */
function followed(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.composedPath().find((el): el is HTMLAnchorElement => el instanceof HTMLAnchorElement && el.href !== '');
  if (!link || link.target !== '' || link.hasAttribute('download')) return;
  const raw = link.getAttribute('href') ?? '';
  if (raw.startsWith('#')) return;
  const target = inShop(link.href, location.href);
  if (target === null) return;
  event.preventDefault();
  go(target);
}

const skip = h('a', {class: 'skip', href: '#main'}, 'Skip to content');
document.body.append(skip, header(go), main, footer(), compareTray(), h('div', {id: 'announce', class: 'sr', role: 'status', 'aria-live': 'polite'}));
main.tabIndex = -1;
document.addEventListener('click', followed);
window.addEventListener('popstate', () => {
  // Jumping to an anchor is no new page.
  if (location.pathname + location.search !== address) show(location.href, 'leave');
});
onChange(() => {
  const inner = main.querySelector<HTMLElement>('.cart-inner');
  if (inner) drawCart(inner);
});
show(location.href, 'leave');
const banner = consentBanner();
if (banner) skip.after(banner);
void load();
