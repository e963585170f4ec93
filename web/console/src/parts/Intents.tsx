import {useTick} from '../lib/useLive';
import type {Seen} from '../stream/reducer';
import type {Evidence, Intent} from '../stream/types';
import {useWords} from '../words';
import {ago, label, percent, ranked, sentence, strength} from '../words/say';

const MOST = 5;

function Bar({intent, acted}: {intent: Intent; acted: boolean}) {
  const w = useWords();
  const level = w.level[intent.level] ?? intent.level;
  return (
    <li className={acted ? 'intent on' : 'intent'}>
      <span className="intent-name">{label(intent.means)}</span>
      <span className="track" aria-hidden="true"><span className="fill" style={{width: `${Math.round(intent.p * 100)}%`}} /><span className="mark" /></span>
      <span className="intent-say">{percent(w, intent.p)}{level ? ` · ${level}` : ''}</span>
    </li>
  );
}

function Proof({one, against, since}: {one: Evidence; against: boolean; since: number}) {
  const w = useWords();
  const counted = one.count > 1 ? `${one.says}, ${w.times(one.count)}` : one.says;
  const side = [ago(w, one.last, since), against ? w.against : strength(w, one.points)].filter((x) => x !== '').join(' · ');
  return <li className={against ? 'against' : ''}><span>{counted}</span><span>{side}</span></li>;
}

export function Intents({picture, names}: {picture: Seen; names: Readonly<Record<string, string>>}) {
  const w = useWords();
  const since = (useTick(10_000) - picture.seen) / 1000;
  const list = ranked(picture.intents).slice(0, MOST);
  const top = (picture.clear ? picture.intents.find((intent) => intent.id === picture.leading) : undefined) ?? list[0];
  const about = top?.about ? names[top.about] ?? top.about : null;
  return (
    <>
      <h2>{w.trying}</h2>
      <p className="sentence" aria-live="polite">{sentence(w, picture)}</p>
      {list.length > 0 && <ul className="intents" role="list">
        {list.map((intent) => <Bar key={`${intent.id} ${intent.about ?? ''}`} intent={intent} acted={picture.clear && intent.id === picture.leading && intent.p >= 0.5} />)}
        <li className="half" aria-hidden="true"><span /><span><span>{w.half}</span></span><span /></li>
      </ul>}
      {top && <>
        <h3 className="sr">{w.evidence}</h3>
        <ul className="evidence" role="list">
          {top.for.map((one) => <Proof key={`+${one.says}`} one={one} against={false} since={since} />)}
          {top.against.map((one) => <Proof key={`-${one.says}`} one={one} against since={since} />)}
          {top.for.length + top.against.length === 0 && <li><span>{w.noEvidence}</span></li>}
          <li><span>{w.usually(percent(w, top.usually))}{about && top.for.length > 0 ? ` · ${w.about(about)}` : ''}</span><span>{w.start}</span></li>
        </ul>
      </>}
    </>
  );
}
