/** The slots in the document: which there are, what they show, and how they get their default back. */
import {type Actions, render} from './render';
import {addDefaultStyle} from './style';
import type {Decision} from './types';

interface Mount {
  name: string;
  /** The decision now in force; its id may change while the content stays. */
  decision: Decision;
  /** What is shown, as text, to see whether a new decision differs. */
  key: string;
  /** Our message, standing where the default nodes stood; null: the default is there. */
  node: HTMLElement | null;
  saved: ChildNode[];
}

export interface SlotActions {
  clicked(d: Decision): void;
  dismissed(d: Decision, reason: string): void;
  answered(d: Decision, value: string): void;
}

const nameOf = (el: Element): string => el.getAttribute('data-tact-slot') ?? '';

export class Slots {
  private readonly mounts = new WeakMap<Element, Mount>();

  constructor(private readonly style: boolean, private readonly act: SlotActions) {}

  /** Slot elements by name, in document order. One name may stand in several places. */
  find(): Map<string, Element[]> {
    const found = new Map<string, Element[]>();
    for (const el of document.querySelectorAll('[data-tact-slot]')) {
      const name = nameOf(el);
      if (!name || el.closest('.tact-message')) continue;
      found.set(name, [...(found.get(name) ?? []), el]);
    }
    return found;
  }

  /** Is this element still to be given what was decided for its slot? */
  isNew(el: Element): boolean {
    return this.mounts.get(el)?.name !== nameOf(el);
  }

  apply(el: Element, decision: Decision): void {
    const {show} = decision;
    const key = show ? JSON.stringify([show.kind, show.message, show.variant, show.content, show.because]) : '';
    const old = this.mounts.get(el);
    if (old?.node && old.node.parentNode === el && old.key === key) {
      old.decision = decision;
      old.name = nameOf(el);
      return;
    }
    this.restore(el);
    const mount: Mount = {name: nameOf(el), decision, key, node: null, saved: []};
    this.mounts.set(el, mount);
    const node = show && render(show, this.actions(el, mount));
    if (!node) return;
    if (this.style) addDefaultStyle();
    mount.node = node;
    mount.saved = [...el.childNodes];
    el.replaceChildren(node);
  }

  restore(el: Element): void {
    const m = this.mounts.get(el);
    this.mounts.delete(el);
    // A framework may have filled the slot anew; then what it put there is the default.
    if (!m?.node || m.node.parentNode !== el) return;
    const focused = m.node.contains(document.activeElement);
    m.node.replaceWith(...m.saved);
    if (focused) focusOn(el);
  }

  private actions(el: Element, m: Mount): Actions {
    // Wherever this slot stands; decided and put away, so not new.
    const close = (): void => {
      for (const other of [el, ...(this.find().get(m.name) ?? [])]) {
        this.restore(other);
        this.mounts.set(other, {...m, key: '', node: null});
      }
    };
    return {
      clicked: () => this.act.clicked(m.decision),
      dismissed: (reason) => {
        close();
        this.act.dismissed(m.decision, reason);
      },
      answered: (value) => {
        close();
        this.act.answered(m.decision, value);
      },
    };
  }
}

/** The pressed button is gone: keyboard and screen reader go on from the slot, not from the top. */
function focusOn(el: Element): void {
  if (!(el instanceof HTMLElement)) return;
  if (!el.hasAttribute('tabindex')) {
    el.setAttribute('tabindex', '-1');
    el.addEventListener('blur', () => el.removeAttribute('tabindex'), {once: true});
  }
  el.focus({preventScroll: true});
}
