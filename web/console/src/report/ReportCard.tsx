import type {ReportState} from '../lib/useReports';
import {useWords} from '../words';
import {armWords, credited, days, perThousand} from '../words/say';
import {BothBars, Interval} from './charts';
import {tone} from './scale';
import type {MomentReport} from './types';

function Arms({report}: {report: MomentReport}) {
  const w = useWords();
  return (
    <dl className="arms">{report.arms.map((arm) => (
      <div key={arm.arm}><dt>{w.arm[arm.arm] ?? arm.arm}</dt><dd>{armWords(w, arm)}</dd></div>
    ))}</dl>
  );
}

function Moment({report}: {report: MomentReport}) {
  const w = useWords();
  const kind = tone(report.difference);
  const nobody = report.arms.every((arm) => arm.visitors + arm.provisional.visitors === 0);
  return (
    <article className="moment">
      <h3 className="moment-head"><span>{report.moment}</span><span>{days(w, report.window)}</span><span className={`tag tag-${kind}`}>{w.verdicts[report.verdict] ?? report.verdict}</span></h3>
      <p className="verdict">{report.says}</p>
      {nobody ? <p className="sub">{w.tooFew}</p> : <Figures report={report} />}
    </article>
  );
}

function Figures({report}: {report: MomentReport}) {
  const w = useWords();
  const {difference, incremental} = report;
  return (
    <>
      <p className="sub">{credited(w, report.attributed, incremental)}</p>
      <div className="two">
        <figure>
          <figcaption>{difference ? w.difference : w.dataSoFar}</figcaption>
          {difference && <Interval difference={difference} label={perThousand(w, difference)} zero={w.noEffect} />}
          <Arms report={report} />
        </figure>
        <figure>
          <figcaption>{w.goals}</figcaption>
          <BothBars attributed={report.attributed} incremental={incremental} w={w} />
        </figure>
      </div>
    </>
  );
}

export function ReportCard({state, hasToken, again}: {state: ReportState; hasToken: boolean; again: () => void}) {
  const w = useWords();
  if (!hasToken) return null;
  return (
    <section className="card report" aria-busy={state.state === 'loading'}>
      <h2>{w.reports}{state.state === 'ready' && state.reports.simulated && <span className="tag sand">{w.simulated}</span>}</h2>
      {state.state === 'loading' && <p className="sub">{w.reportLoading}</p>}
      {state.state === 'failed' && <p className="sub">{w.reportFailed} <button type="button" className="quiet" onClick={again}>{w.retry}</button></p>}
      {state.state === 'ready' && state.reports.moments.length === 0 && <p className="sub">{w.reportEmpty}</p>}
      {state.state === 'ready' && state.reports.moments.map((report) => <Moment key={report.moment} report={report} />)}
    </section>
  );
}
