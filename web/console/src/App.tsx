/** The live view: shop left, what Tact makes of it right, and below whether it helps. */
import * as Tabs from '@radix-ui/react-tabs';
import {useEffect, useRef, useState} from 'react';
import {keepToken, takeToken} from './lib/token';
import {useLive} from './lib/useLive';
import {useReports} from './lib/useReports';
import {useShop} from './lib/useShop';
import {useTheme} from './lib/useTheme';
import {Header} from './parts/Header';
import {Help} from './parts/Help';
import {Mind} from './parts/Mind';
import {ShopPane} from './parts/ShopPane';
import {ReportCard} from './report/ReportCard';
import {VISITORS} from './visitors/scripts';
import {useVisitor} from './visitors/useVisitor';
import {keepLanguage, Language, preferred, WORDS} from './words';

const firstToken = takeToken();

export function App() {
  const [token, setToken] = useState(firstToken);
  const [language, setLanguage] = useState(preferred);
  const [theme, turn] = useTheme();
  const [help, setHelp] = useState(false);
  const [picked, setPicked] = useState<string | null>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const shop = useShop(frame);
  const focus = picked ?? shop.anonymousId;
  const live = useLive(token, focus);
  const [reports, again] = useReports(token);
  const {run, hand, start, stop} = useVisitor(frame);
  const words = WORDS[language];

  useEffect(() => { document.documentElement.lang = language; document.title = `Tact – ${words.title}`; }, [language, words]);
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, select, [contenteditable]')) return;
      const visitor = VISITORS[Number(event.key) - 1];
      if (event.key === '?') setHelp(true);
      else if (help) return;
      else if (visitor) start(visitor);
      else if (event.key === 'Escape') stop();
      else if (event.key === 'r') frame.current?.contentWindow?.location.reload();
      else if (event.key === 't') turn();
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, [help, start, stop, turn]);

  // The panels' ids are the tabs' (aria-controls); what links lead to is inside of them. Header and main have names,
  // because the shop in the frame has its own.
  return (
    <Language.Provider value={words}>
      <a className="skip" href="#mind">{words.skip}</a>
      <Header live={live} simulated={reports.state === 'ready' && reports.reports.simulated} theme={theme} turn={turn}
        language={() => { const next = language === 'en' ? 'de' : 'en'; keepLanguage(next); setLanguage(next); }} help={() => setHelp(true)} />
      <Tabs.Root className="board" defaultValue="shop" asChild><main aria-label={words.title}>
        <Tabs.List className="tabs" aria-label="Tact">
          <Tabs.Trigger value="shop">{words.tabs.shop}</Tabs.Trigger>
          <Tabs.Trigger value="mind">{words.tabs.mind}</Tabs.Trigger>
          <Tabs.Trigger value="report">{words.tabs.report}</Tabs.Trigger>
        </Tabs.List>
        <div className="pair">
          <Tabs.Content value="shop" forceMount className="pane pane-shop" tabIndex={-1}>
            <ShopPane frame={frame} run={run} hand={hand} start={(id) => { setPicked(null); start(id); }} stop={stop} />
          </Tabs.Content>
          <Tabs.Content value="mind" forceMount className="pane pane-mind" tabIndex={-1}>
            <div id="mind" tabIndex={-1}>
              <Mind live={live} shop={shop} focus={focus} picked={picked} pick={setPicked}
                connect={(text) => { keepToken(text); setToken(text); }} />
            </div>
          </Tabs.Content>
        </div>
        <Tabs.Content value="report" forceMount className="pane pane-report" tabIndex={-1}>
          <div id="report"><ReportCard state={reports} hasToken={token !== null && live.link !== 'wrong_token'} again={again} /></div>
        </Tabs.Content>
      </main></Tabs.Root>
      <Help open={help} change={setHelp} />
    </Language.Provider>
  );
}
