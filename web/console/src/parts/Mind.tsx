/** The right side, in whatever state the link and the visitor are. */
import {useState, type FormEvent} from 'react';
import {tokenIn} from '../lib/token';
import type {Shop} from '../lib/useShop';
import {onThisPage, recent, type Live} from '../stream/reducer';
import {useWords} from '../words';
import {clock} from '../words/say';
import {Decisions} from './Decisions';
import {Happened} from './Happened';
import {Intents} from './Intents';
import {Facts} from './Facts';

interface Props {live: Live; shop: Shop; focus: string | null; picked: string | null; pick: (id: string | null) => void; connect: (token: string) => void}

function Say({title, text, children}: {title: string; text: string; children?: React.ReactNode}) {
  return <section className="card say"><p className="sentence">{title}</p><p className="sub">{text}</p>{children}</section>;
}

function TokenForm({connect}: {connect: (token: string) => void}) {
  const w = useWords();
  const [text, set] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const token = tokenIn(text);
    if (token) connect(token);
  };
  return (
    <form className="token" onSubmit={submit}>
      <label htmlFor="token">{w.paste}</label>
      <input id="token" value={text} onChange={(event) => set(event.target.value)} autoComplete="off" spellCheck={false} />
      <button type="submit" className="button" disabled={tokenIn(text) === null}>{w.connect}</button>
    </form>
  );
}

function Picker({live, shop, picked, pick}: Pick<Props, 'live' | 'shop' | 'picked' | 'pick'>) {
  const w = useWords();
  const others = recent(live).filter((v) => v.anonymousId !== shop.anonymousId).slice(0, 30);
  if (others.length === 0 && picked === null) return null;
  return (
    <div className="picker">
      <label htmlFor="who">{w.following}</label>
      <select id="who" value={picked ?? ''} onChange={(event) => pick(event.target.value === '' ? null : event.target.value)}>
        <option value="">{w.thisShop}</option>
        {others.map((v) => <option key={v.anonymousId} value={v.anonymousId}>{w.another(v.visitor.slice(0, 10))}</option>)}
      </select>
      {picked === null && <span>{w.others(others.length)}</span>}
    </div>
  );
}

export function Mind(props: Props) {
  const {live, shop, focus, picked, connect} = props;
  const w = useWords();
  if (live.link === 'no_token') return <Say title={w.noToken} text={w.noTokenText}><TokenForm connect={connect} /></Say>;
  if (live.link === 'wrong_token') return <Say title={w.wrongToken} text={w.wrongTokenText}><TokenForm connect={connect} /></Say>;

  const picture = focus ? live.visitors[focus] : undefined;
  const decisions = focus ? onThisPage(live.decisions[focus], picked === null && shop.ready ? shop.slots : null) : [];
  const stale = live.link === 'lost' && live.heard !== null;
  const banner = stale ? <p className="stale" role="status">{w.stale(clock(w, live.heard ?? 0))}</p> : null;
  const head = <>{banner}<Picker {...props} /></>;

  if (live.heard === null && live.link === 'connecting' && focus) return <Say title={w.connectingText} text="" />;
  if (live.heard === null && live.link === 'lost') return <Say title={w.link.lost} text={w.neverConnected} />;
  if (picked === null && shop.ready && shop.consent !== 'granted') {
    return <>{head}<Say title={w.noConsent} text={shop.consent === 'refused' ? w.noConsentText : w.noConsentAsked} /></>;
  }
  if (picture && picture.consent.personalization === false) return <>{head}<Say title={w.noConsent} text={w.noConsentText} /></>;
  if (!picture) {
    return <>{head}{live.link === 'connecting' ? <Say title={w.connectingText} text="" /> : <Say title={w.noVisitor} text={w.noVisitorText} />}</>;
  }
  return (
    <>
      {head}
      <div className={stale ? 'is-stale' : ''}>
        <section className="card">
          <Intents picture={picture} names={shop.names} />
          <Decisions decisions={decisions} />
        </section>
        <section className="card second">
          <Happened list={picture.happened} />
          <Facts picture={picture} />
        </section>
      </div>
    </>
  );
}
