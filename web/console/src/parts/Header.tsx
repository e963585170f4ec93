import {recent, type Live} from '../stream/reducer';
import {useWords} from '../words';

interface Props {live: Live; simulated: boolean; theme: 'light' | 'dark'; turn: () => void; language: () => void; help: () => void}

export function Header({live, simulated, theme, turn, language, help}: Props) {
  const w = useWords();
  return (
    <header className="top" aria-label="Tact">
      <h1 className="logo"><i aria-hidden="true" />Tact</h1>
      <nav aria-label="Tact"><a href="./" aria-current="page">{w.title}</a><a className="wide-only" href="#report">{w.reports}</a></nav>
      <p className="top-note">
        <span className={`link link-${live.link}`} role="status"><i aria-hidden="true" />{w.link[live.link]}</span>
        <span className="wide-only">{w.demoShop}</span>
        {simulated && <span className="tag sand">{w.simulated}</span>}
        {live.link === 'open' && recent(live).length > 99 && <span className="wide-only">{recent(live).length}+</span>}
      </p>
      <div className="top-buttons">
        <button type="button" onClick={language} lang={w.lang === 'en' ? 'de' : 'en'}>{w.language}</button>
        <button type="button" onClick={turn} aria-label={`${w.theme}: ${theme === 'light' ? w.dark : w.light}`}>{theme === 'light' ? w.dark : w.light}</button>
        <button type="button" onClick={help} aria-label={w.help} aria-keyshortcuts="?">?</button>
      </div>
    </header>
  );
}
