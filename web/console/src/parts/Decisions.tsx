import type {Decision, NotShown} from '../stream/types';
import {useWords, type Words} from '../words';
import {human, percent, where} from '../words/say';

type Tone = 'acted' | 'held' | 'stop' | 'quiet';

function Row({tone, children, small}: {tone: Tone; children: React.ReactNode; small?: React.ReactNode}) {
  return <li className="row"><span className={`dot dot-${tone}`} aria-hidden="true" /><div>{children}{small && <small>{small}</small>}</div></li>;
}

function choice(w: Words, d: Decision): string {
  const c = d.why?.choice;
  if (!c?.of || c.of.length < 2) return '';
  const text = w.chosen(percent(w, c.propensity ?? 0), c.of.join(', '));
  return c.not_acted_on_yet?.includes('what works') ? `${text}; ${w.splitEvenly}` : text;
}

function Made({d}: {d: Decision}) {
  const w = useWords();
  const why = d.why;
  const moment = why?.moment ? w.moment(why.moment, why.need ?? '') : '';
  if (d.outcome === 'withheld') {
    return <Row tone="held" small={<>{moment}<br />{why?.holdout?.universal ? w.withheldAll : w.withheldWhy}</>}><b>{human(d.message ?? '')}</b> {w.withheld}</Row>;
  }
  const more = choice(w, d);
  return (
    <Row tone="acted" small={<>{moment}{why?.visitor_sees && <><br />{w.visitorSees}: “{why.visitor_sees}”</>}{more && <><br />{more}</>}</>}>
      <b>{human(d.message ?? '')}</b> {w.shown(where(w, d.slot))}
    </Row>
  );
}

function nameOf(n: NotShown): string {
  return human(n.message ?? n.moment);
}

function Silent({n}: {n: NotShown}) {
  const w = useWords();
  if (n.guard) return <Row tone="stop" small={`${w.guards[n.guard] ?? human(n.guard)}: ${n.says ?? ''}`}>{nameOf(n)} {w.blocked}</Row>;
  if (n.lost) return <Row tone="quiet" small={n.lost}>{nameOf(n)} {w.lostTo}</Row>;
  return <Row tone="quiet" small={n.says ?? n.condition ?? ''}>{nameOf(n)}: {w.notMet}</Row>;
}

export function Decisions({decisions}: {decisions: readonly Decision[]}) {
  const w = useWords();
  const made = decisions.filter((d) => d.outcome !== 'default');
  const silent = decisions.flatMap((d) => (d.why?.not_shown ?? []).map((n) => ({key: `${d.slot} ${n.moment} ${n.message ?? ''} ${n.guard ?? n.condition ?? 'lost'}`, n})));
  const blocked = silent.filter(({n}) => n.guard);
  const others = silent.filter(({n}) => !n.guard);
  const rest = decisions.length - made.length;
  return (
    <>
      <h2 className="next">{w.decided}</h2>
      {decisions.length === 0 ? <p className="sub">{w.noDecision}</p> : (
        <ul className="rows" role="list">
          {made.map((d) => <Made key={d.slot} d={d} />)}
          {blocked.map(({key, n}) => <Silent key={key} n={n} />)}
          {rest > 0 && <Row tone="quiet" small={w.places(rest, decisions.length)}>{made.length === 0 ? w.allDefault : w.everythingElse}</Row>}
        </ul>
      )}
      {others.length > 0 && (
        <details className="why"><summary>{w.quietReasons(others.length)}</summary>
          <ul className="rows" role="list">{others.map(({key, n}) => <Silent key={key} n={n} />)}</ul>
        </details>
      )}
    </>
  );
}
