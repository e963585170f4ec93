import {useState} from 'react';
import {MOST_HAPPENED} from '../stream/reducer';
import type {Happening} from '../stream/types';
import {useWords} from '../words';
import {clock, happening} from '../words/say';

const FIRST = 6;

export function Happened({list}: {list: readonly Happening[]}) {
  const w = useWords();
  const [all, setAll] = useState(false);
  const newest = [...list].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const shown = all ? newest : newest.slice(0, FIRST);
  return (
    <div>
      <h2>{w.happened}</h2>
      {list.length === 0 ? <p className="sub">{w.nothingHappened}</p> : (
        <ul className={all ? 'events all' : 'events'} role="list" tabIndex={all ? 0 : undefined} aria-label={all ? w.happened : undefined}>
          {shown.map((event, i) => <li key={`${event.at} ${event.name} ${newest.length - i}`}><time dateTime={event.at}>{clock(w, event.at)}</time><span>{happening(w, event)}</span></li>)}
        </ul>
      )}
      {all && list.length === MOST_HAPPENED && <p className="sub">{w.capped(MOST_HAPPENED)}</p>}
      {list.length > FIRST && <button type="button" className="quiet" onClick={() => setAll(!all)}>{all ? w.showLess : w.showAll(list.length)}</button>}
    </div>
  );
}
