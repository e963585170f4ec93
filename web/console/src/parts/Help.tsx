import * as Dialog from '@radix-ui/react-dialog';
import {useWords} from '../words';

export function Help({open, change}: {open: boolean; change: (open: boolean) => void}) {
  const w = useWords();
  const keys = [['1 – 4', w.keys.visitor], ['Esc', w.keys.stop], ['r', w.keys.reload], ['t', w.keys.theme], ['?', w.keys.help]] as const;
  // Not modal={true}: that would inject a <style> to lock scrolling, which the CSP refuses.
  return (
    <Dialog.Root open={open} onOpenChange={change} modal={false}>
      <Dialog.Portal>
        {open && <div className="veil" aria-hidden="true" onClick={() => change(false)} />}
        <Dialog.Content className="help" aria-describedby={undefined}>
          <Dialog.Title>{w.helpTitle}</Dialog.Title>
          {w.helpText.map((text) => <p key={text}>{text}</p>)}
          <h3>{w.keys.title}</h3>
          <dl>{keys.map(([key, what]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>)}</dl>
          <Dialog.Close className="button">{w.close}</Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
