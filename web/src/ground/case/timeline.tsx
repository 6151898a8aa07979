import { theme } from 'antd';
import { caseWords } from '../../words/case';
import type { Schemas } from '../api';
import { useManyCodes } from '../codes';
import { useDay, useTime } from '../days';
import { useWords } from '../language';

type Entry = Schemas['TimelineEntry'];

/** What happened, the latest first, each in words with who did it. */
export function Timeline({ entries }: { entries: readonly Entry[] }) {
  const t = useWords(caseWords);
  const word = useManyCodes(['act-kinds', 'steps', 'verdicts', 'offices', 'request-states']);
  const time = useTime();
  const day = useDay();
  const { token } = theme.useToken();
  return (
    <ol className="timeline">
      {entries.toReversed().map((entry) => {
        const texts = [entry.opinion, entry.reason, entry.note, entry.comment, entry.question, entry.objection, entry.answer];
        const about = [
          entry.step && word('steps', entry.step),
          entry.verdict && word('verdicts', entry.verdict),
          entry.outcome && word('request-states', entry.outcome),
          (entry.holder ?? entry.escalatedTo ?? entry.copiedTo ?? entry.consulted)?.name,
          (entry.assignee ?? entry.delegate)?.displayName,
          entry.effectiveOn && day(entry.effectiveOn),
          entry.dueDate && day(entry.dueDate),
          entry.dueTo && day(entry.dueTo),
        ].filter(Boolean);
        return (
          <li key={entry.seq}>
            <time dateTime={entry.at} className="figures" style={{ color: token.colorTextSecondary }}>
              {time(entry.at)}
            </time>
            <div>
              <strong>{word('act-kinds', entry.kind)}</strong>
              {about.length > 0 && `：${about.join('，')}`}
              <div style={{ color: token.colorTextSecondary }}>
                {entry.by ? `${entry.by.displayName}（${entry.by.organisation.name} ${word('offices', entry.by.office)}）` : t.process}
              </div>
              {texts.filter(Boolean).map((text) => (
                <blockquote key={text} style={{ borderColor: token.colorBorder }}>
                  {text}
                </blockquote>
              ))}
              {entry.missing && entry.missing.length > 0 && (
                <ul>
                  {entry.missing.map((one) => (
                    <li key={one}>{one}</li>
                  ))}
                </ul>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
