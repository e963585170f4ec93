import {products} from '../catalogue';
import {h} from '../lib/dom';
import {find} from '../lib/search';
import {CATEGORIES, to} from '../lib/routes';
import {CATEGORY} from '../catalogue';
import {track} from '../tact';
import {crumbs, grid, heading, page} from '../ui/parts';
import type {View} from './view';

/** Searches that are questions, answered by a page instead of products. */
const ANSWERS: ReadonlyArray<readonly [RegExp, string, string, string]> = [
  [/\b(size|sizes|sizing|fit|measure)\b/i, 'How sizes work here', 'Size guide', to.sizeGuide],
  [/\b(deliver|delivery|shipping|arrive|express)\b/i, 'When will it arrive?', 'Delivery', to.delivery],
  [/\b(return|returns|refund|exchange)\b/i, 'Sending something back', 'Returns', to.returns],
  [/\b(gift|gifts|present|wrap)\b/i, 'Presents and wrapping', 'Gifts', to.gifts],
];

export function search(query: string): View {
  const text = query.trim().slice(0, 80);
  const found = find(products, text);
  const answers = ANSWERS.filter(([asked]) => asked.test(text));
  const body = page('search', crumbs(['Home', to.home], ['Search']),
    heading(text === '' ? 'Search' : `“${text}”`, text === '' ? 'Type what you are looking for at the top.' : `${found.length} ${found.length === 1 ? 'thing' : 'things'} found`),
    answers.length > 0 ? h('ul', {class: 'answers', role: 'list'}, answers.map(([, line, link, href]) =>
      h('li', {}, h('span', {}, line), ' ', h('a', {href}, link)))) : null,
    found.length > 0 ? grid(found, 'h2')
      : h('div', {class: 'nothing'}, h('h2', {}, text === '' ? 'Or start here' : 'Nothing by that name'), h('p', {}, 'These shelves may help:'),
        h('ul', {class: 'links', role: 'list'}, CATEGORIES.map((id) => h('li', {}, h('a', {href: to.category(id)}, CATEGORY[id].name))))));
  return {title: text === '' ? 'Search' : `Search: ${text}`, body, page: {type: 'search', query: text},
    shown: () => { if (text !== '') track('Products Searched', {query: text, results: found.length}); }};
}
