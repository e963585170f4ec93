/** A native modal dialog: the browser keeps the focus inside and gives it back. */
import {icon} from '../art';
import {h, uid} from '../lib/dom';

export function openDialog(title: string, body: HTMLElement, closed: () => void = () => undefined): HTMLDialogElement {
  closeDialogs();
  const id = uid('dialog');
  const dialog = h('dialog', {class: 'dialog', 'aria-labelledby': id},
    h('div', {class: 'dialog-head'},
      h('h2', {id}, title),
      h('button', {type: 'button', class: 'icon-button dialog-close', 'aria-label': 'Close', onclick: () => dialog.close()}, icon('close'))),
    h('div', {class: 'dialog-body'}, body));
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener('close', () => {
    dialog.remove();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Before another page is shown. */
export function closeDialogs(): void {
  for (const dialog of document.querySelectorAll<HTMLDialogElement>('dialog[open]')) dialog.close();
}
