import type {RefObject} from 'react';
import type {Point} from '../visitors/driver';
import {SCRIPTS, VISITORS, type VisitorId} from '../visitors/scripts';
import type {Run} from '../visitors/useVisitor';
import {useWords, type Words} from '../words';

interface Props {frame: RefObject<HTMLIFrameElement | null>; run: Run | null; hand: Point | null; start: (id: VisitorId) => void; stop: () => void}

function says(w: Words, run: Run): string {
  const name = w[run.id];
  const steps = SCRIPTS[run.id];
  const step = steps[run.step];
  switch (run.state) {
    case 'running': return w.running(name, run.step + 1, steps.length);
    case 'done': return w.finished(name);
    case 'stopped': return w.stopped(name);
    case 'failed': return w.failed(name, step ? w.steps[step.name] : '');
  }
}

function Steps({run, stop}: {run: Run; stop: () => void}) {
  const w = useWords();
  return (
    <div className="run">
      <div className="run-head">
        <p role="status">{says(w, run)}</p>
        {run.state === 'running' && <button type="button" className="button" onClick={stop}>{w.stop}</button>}
      </div>
      <ol>
        {SCRIPTS[run.id].map((step, i) => {
          const state = i < run.step ? 'past' : i === run.step && run.state !== 'done' ? 'now' : 'next';
          return <li key={i} className={state} aria-current={state === 'now' ? 'step' : undefined}>{w.steps[step.name]}</li>;
        })}
      </ol>
    </div>
  );
}

export function ShopPane({frame, run, hand, start, stop}: Props) {
  const w = useWords();
  return (
    <>
      <div className="chips" role="group" aria-label={w.visitors}>
        {VISITORS.map((id) => (
          <button key={id} type="button" className="chip" aria-pressed={run?.id === id} onClick={() => start(id)}>{w[id]}</button>
        ))}
      </div>
      {run && <Steps run={run} stop={stop} />}
      <div className="card shop">
        <iframe ref={frame} src="/demo/" title={w.shopTitle} />
        {hand && <span className={hand.pressed ? 'hand pressed' : 'hand'} aria-hidden="true" style={{transform: `translate(${hand.x}px, ${hand.y}px)`}} />}
      </div>
    </>
  );
}
