/** Reviews of one product: two at first, then all of them, or only what was said about the fit. */
import {icon} from '../art';
import {rating} from '../lib/filters';
import {h} from '../lib/dom';
import type {Fit, Product, Review} from '../lib/types';
import {refresh, track} from '../tact';
import {FIT_WORDS, stars} from '../ui/parts';

const FIRST = 2;

export function fitCounts(list: readonly Review[]): Record<Fit, number> {
  const counts: Record<Fit, number> = {small: 0, true: 0, large: 0};
  for (const review of list) if (review.fit) counts[review.fit] += 1;
  return counts;
}

function one(review: Review): HTMLElement {
  return h('li', {class: 'review'},
    h('p', {class: 'review-stars'}, h('span', {class: 'sr'}, `${review.stars} of 5 stars`), Array.from({length: 5}, (_, i) => {
      const star = icon('star');
      if (i < review.stars) star.classList.add('full');
      return star;
    })),
    h('h3', {}, review.title), h('p', {}, review.text),
    h('p', {class: 'review-by'}, review.author, review.fit ? h('span', {class: `fit fit-${review.fit}`}, FIT_WORDS[review.fit]) : null));
}

function fitScale(counts: Record<Fit, number>): HTMLElement {
  const total = counts.small + counts.true + counts.large;
  const rows = (Object.keys(FIT_WORDS) as Fit[]).map((fit) => h('div', {class: 'fit-row'},
    h('dt', {}, FIT_WORDS[fit]), h('dd', {}, h('meter', {min: 0, max: total, value: counts[fit], 'aria-label': `${FIT_WORDS[fit]}: ${counts[fit]} of ${total}`}), ` ${counts[fit]}`)));
  return h('dl', {class: 'fit-scale'}, rows);
}

export function reviews(product: Product): HTMLElement {
  const all = product.reviews;
  const aboutFit = all.filter((review) => review.fit);
  const counts = fitCounts(all);
  const list = h('ul', {class: 'reviews', role: 'list'}, all.slice(0, FIRST).map(one));
  const buttons: HTMLButtonElement[] = [];
  const choose = (about: 'general' | 'fit') => (event: Event): void => {
    list.replaceChildren(...(about === 'fit' ? aboutFit : all).map(one));
    for (const button of buttons) button.setAttribute('aria-pressed', String(button === event.currentTarget));
    track('Reviews Read', {product_id: product.id, category: product.category, about});
    refresh();
  };
  buttons.push(h('button', {type: 'button', class: 'chip', 'aria-pressed': 'false', 'data-reviews': 'general', onclick: choose('general')}, `All ${all.length} reviews`));
  if (aboutFit.length > 0) {
    buttons.push(h('button', {type: 'button', class: 'chip', 'aria-pressed': 'false', 'data-reviews': 'fit', onclick: choose('fit')}, `About the fit (${aboutFit.length})`));
  }
  return h('section', {class: 'block', id: 'reviews'},
    h('h2', {}, 'What people say'),
    h('div', {class: 'reviews-head'}, h('div', {}, stars(rating(product), all.length), h('div', {class: 'chips'}, buttons)), aboutFit.length > 0 ? fitScale(counts) : null),
    list);
}
