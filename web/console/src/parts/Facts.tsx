import type {VisitorPicture} from '../stream/types';
import {useWords} from '../words';
import {euro} from '../words/say';

export function Facts({picture}: {picture: VisitorPicture}) {
  const w = useWords();
  const {visit, consent, cart, taken_for: takenFor} = picture;
  const mark = (on: boolean | undefined): string => on ? w.yes : w.no;
  return (
    <dl className="facts">
      {takenFor && <div><dt>{w.takenFor}</dt><dd>{w.takenForWhom[takenFor] ?? takenFor}<small>{w.takenForMeans}</small></dd></div>}
      {visit && <div><dt>{w.visit}</dt><dd>{w.visitText(visit.number, visit.pages)}{visit.device ? `, ${visit.device}` : ''}{visit.page?.path ? <span className="path">{visit.page.path}</span> : null}</dd></div>}
      <div><dt>{w.consent}</dt><dd>{w.personalization}: {mark(consent.personalization)} · {w.analytics}: {mark(consent.analytics)}</dd></div>
      <div><dt>{w.cart}</dt><dd>{w.cartText(cart.items, euro(w, cart.total))}</dd></div>
    </dl>
  );
}
