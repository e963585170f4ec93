/** Asking once, with two equal answers, and changing one's mind at any time in the footer. */
import {announce, h} from '../lib/dom';
import {consentGiven, consentSays, giveConsent, onConsent} from '../tact';

const QUESTION = 'May this shop adapt to what you do here?';
const TERMS = 'If you agree, we use what you look at on this site to show help that fits, and to find out whether it helped. ' +
  'No other sites, no selling of data. If not, you get the same shop. You can change this at the bottom of every page.';
const LABEL = 'Adapt the shop to me';

const listeners = new Set<() => void>();

function answer(yes: boolean, text: string): void {
  giveConsent(yes, text);
  document.querySelector('.consent')?.remove();
  for (const listener of listeners) listener();
  announce(yes ? 'Thank you. The shop may adapt to what you do here.' : 'Fine. The shop stays the same for you as for everybody.');
}

export function consentBanner(): HTMLElement | null {
  if (consentGiven() !== null) return null;
  return h('section', {class: 'consent', 'aria-label': 'May we adapt the shop?'},
    h('div', {},
      h('h2', {}, QUESTION),
      h('p', {}, TERMS)),
    h('div', {class: 'consent-buttons'},
      h('button', {type: 'button', class: 'choice', 'data-consent': 'no', onclick: () => answer(false, `${QUESTION} ${TERMS}`)}, 'No, thanks'),
      h('button', {type: 'button', class: 'choice', 'data-consent': 'yes', onclick: () => answer(true, `${QUESTION} ${TERMS}`)}, 'Yes, adapt')));
}

export function consentSwitch(): HTMLElement {
  const button = h('button', {type: 'button', role: 'switch', class: 'switch', id: 'consent-switch', 'data-consent-switch': true,
    'aria-labelledby': 'consent-label', onclick: () => answer(consentGiven() !== true, LABEL)}, h('span', {class: 'switch-knob'}));
  const state = h('p', {class: 'switch-state'});
  const update = (): void => {
    const given = consentGiven();
    const says = consentSays();
    button.setAttribute('aria-checked', String(given === true));
    state.textContent = says !== null ? says : given === true ? 'On: help may follow what you do on this visit.'
      : given === false ? 'Off: you see what everybody sees.' : 'Not decided: treated as off.';
  };
  update();
  listeners.add(update);
  window.addEventListener('shown', update);
  onConsent(update);
  return h('div', {class: 'foot-consent'}, h('h2', {}, 'Your choice'),
    h('div', {class: 'switch-row'}, button, h('label', {id: 'consent-label', for: 'consent-switch'}, LABEL)), state);
}
