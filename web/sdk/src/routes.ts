/** Notices route changes of single-page applications, without changing what the page sees.
 *
 *  A route is path + query (+ hash where it looks like one: `#/cart`, `#!cart`); jumping to an anchor
 *  is none. `replaceState` counts only when the path changes: sites use it to tidy the query or to
 *  note scroll positions and filters, which is not a new page. */

type Change = typeof history.pushState;

const path = (): string => location.pathname + (/^#[!/]/.test(location.hash) ? location.hash : '');

export function watchRoutes(changed: () => void): () => void {
  let at = path();
  let query = location.search;
  const check = (replaced: boolean): void => {
    const moved = path() !== at || (!replaced && location.search !== query);
    at = path();
    query = location.search;
    if (moved) changed();
  };
  const wrap = (name: 'pushState' | 'replaceState'): (() => void) => {
    const original: Change = history[name];
    const wrapped: Change = function (this: History, ...args) {
      // The page gets exactly what the browser answers, exceptions included; `changed` never throws.
      const result = original.apply(this, args);
      check(name === 'replaceState');
      return result;
    };
    history[name] = wrapped;
    return () => {
      // Somebody else may have wrapped ours meanwhile; then ours stays inside theirs, doing nothing.
      if (history[name] === wrapped) history[name] = original;
    };
  };
  const undo = [wrap('pushState'), wrap('replaceState')];
  const moved = (): void => check(false);
  addEventListener('popstate', moved);
  addEventListener('hashchange', moved);
  return () => {
    changed = () => undefined;
    undo.forEach((u) => u());
    removeEventListener('popstate', moved);
    removeEventListener('hashchange', moved);
  };
}
