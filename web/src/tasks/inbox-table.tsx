import { useNavigate, Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { App, Checkbox, Tag, theme } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useManyCodes } from '../ground/codes';
import { DueDay, useTime } from '../ground/days';
import { useWords } from '../ground/language';
import { useMe } from '../ground/me';
import { useWorkingDaysLeft } from '../ground/working-days';
import { tasksWords } from '../words/tasks';
import { useClaim } from './claim';
import type { Row } from './inbox-query';
import { remember } from './next-task';

interface Given {
  rows: readonly Row[];
  isDecided: boolean;
  chosen: ReadonlySet<string>;
  onChosen: (chosen: ReadonlySet<string>) => void;
  hasMore: boolean;
  isReading: boolean;
  onMore: () => void;
}

const ROW_PIXELS = 58;
const AHEAD = 12;
/** Keys of whoever types in a field mean letters. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input:not([type=checkbox]), textarea, select, [role=combobox], [role=dialog]') !== null;

/** Only the rows in sight are drawn, so that a list of thousands scrolls like one of ten. */
export function InboxTable({ rows, isDecided, chosen, onChosen, hasMore, isReading, onMore }: Given) {
  const t = useWords(tasksWords);
  const { token } = theme.useToken();
  const body = useRef<HTMLTableSectionElement>(null);
  const [at, setAt] = useState(-1);
  const [top, setTop] = useState(0);
  useEffect(() => setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY), []);
  const seen = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_PIXELS,
    overscan: AHEAD,
    scrollMargin: top,
    getItemKey: (nth) => rows[nth]?.id ?? nth,
  });
  const items = seen.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isReading && rows.length > 0 && last >= rows.length - AHEAD) onMore();
  }, [last, rows.length, hasMore, isReading, onMore]);
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChosen(next);
  };
  useKeys({ rows, at, setAt: (nth) => (setAt(nth), seen.scrollToIndex(nth, { align: 'auto' })), toggle });
  const open = rows.filter(({ state }) => state === 'open');
  const isAll = open.length > 0 && open.every(({ id }) => chosen.has(id));
  const before = items[0] ? items[0].start - top : 0;
  const after = seen.getTotalSize() - ((items.at(-1)?.end ?? top) - top);
  return (
    <table className="inbox" aria-rowcount={hasMore ? -1 : rows.length + 1} style={{ background: token.colorBgContainer }}>
      <caption className="only-heard">{t.list}</caption>
      <thead>
        <tr style={{ color: token.colorTextSecondary, borderColor: token.colorSplit }}>
          {!isDecided && (
            <th scope="col" className="inbox-check">
              <Checkbox
                aria-label={t.selectAll}
                checked={isAll}
                indeterminate={!isAll && chosen.size > 0}
                onChange={() => onChosen(new Set(isAll ? [] : open.map(({ id }) => id)))}
              />
            </th>
          )}
          {[t.number, t.student, t.schools, t.step, isDecided ? t.verdict : t.due, isDecided ? t.decidedAt : t.holder].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {before > 0 && (
          <tr aria-hidden>
            <td style={{ height: before, padding: 0 }} />
          </tr>
        )}
        {items.map(({ index, key }) => {
          const row = rows[index];
          return (
            row && (
              <tr
                key={key}
                ref={seen.measureElement}
                data-index={index}
                aria-rowindex={index + 2}
                data-here={index === at || undefined}
                style={{ borderColor: token.colorSplit, background: index === at ? token.colorPrimaryBg : undefined }}
                onClick={() => setAt(index)}
              >
                {!isDecided && (
                  <td className="inbox-check">
                    <Checkbox
                      aria-label={t.select(row.number)}
                      disabled={row.state !== 'open'}
                      checked={chosen.has(row.id)}
                      onChange={() => toggle(row.id)}
                    />
                  </td>
                )}
                <Cells row={row} rows={rows} isDecided={isDecided} isHere={index === at} />
              </tr>
            )
          );
        })}
        {after > 0 && (
          <tr aria-hidden>
            <td style={{ height: after, padding: 0 }} />
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Cells({ row, rows, isDecided, isHere }: { row: Row; rows: readonly Row[]; isDecided: boolean; isHere: boolean }) {
  const t = useWords(tasksWords);
  const word = useManyCodes(['change-kinds', 'steps', 'verdicts']);
  const time = useTime();
  const left = useWorkingDaysLeft();
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isHere) link.current?.focus({ preventScroll: true });
  }, [isHere]);
  return (
    <>
      <td data-label={t.number}>
        <Link ref={link} to="/tasks/$id" params={{ id: row.id }} onClick={() => remember(rows)} className="figures">
          {row.number}
        </Link>
        <div>{word('change-kinds', row.kind)}</div>
      </td>
      <td data-label={t.student}>
        {row.batch ? (
          <>
            <Tag>{t.batchCase}</Tag> {row.batch}
          </>
        ) : (
          row.maskedName
        )}
        {row.objected && <Tag color="warning">{t.objected}</Tag>}
      </td>
      <td data-label={t.schools}>
        {row.sourceSchool.name}
        {row.destinationSchool && <div>→ {row.destinationSchool.name}</div>}
      </td>
      <td data-label={t.step}>
        {word('steps', row.step)}
        <div>
          {row.returns > 0 && <Tag>{t.returnedTimes(row.returns)}</Tag>}
          {row.onBehalfOf && <Tag>{t.onBehalf(row.onBehalfOf.name)}</Tag>}
        </div>
      </td>
      {isDecided ? (
        <>
          <td data-label={t.verdict}>{row.verdict && word('verdicts', row.verdict)}</td>
          <td data-label={t.decidedAt} className="figures">
            {row.decidedAt && time(row.decidedAt)}
          </td>
        </>
      ) : (
        <>
          <td data-label={t.due}>
            <DueDay dueDate={row.dueDate} overdue={row.overdue} provisional={row.provisional} workingDaysLeft={left(row.dueDate)} />
          </td>
          <td data-label={t.holder}>
            <InWhoseHands row={row} />
          </td>
        </>
      )}
    </>
  );
}

/** Who has the task in hand, if anybody has. */
function InWhoseHands({ row }: { row: Row }) {
  const t = useWords(tasksWords);
  const me = useMe();
  const { token } = theme.useToken();
  const name = (person: { id: string; displayName: string }) => (person.id === me.id ? t.mineNow : person.displayName);
  if (row.delegate) return <>{t.delegatedTo(name(row.delegate))}</>;
  const person = row.claimant ?? row.assignee;
  return person ? <>{name(person)}</> : <span style={{ color: token.colorTextSecondary }}>{t.nobody}</span>;
}

function useKeys({
  rows,
  at,
  setAt,
  toggle,
}: {
  rows: readonly Row[];
  at: number;
  setAt: (nth: number) => void;
  toggle: (id: string) => void;
}) {
  const navigate = useNavigate();
  const claim = useClaim();
  const { message } = App.useApp();
  const t = useWords(tasksWords);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const row = rows[at];
      const open = (verdict?: 'approve') => {
        if (!row) return;
        remember(rows);
        void navigate({ to: '/tasks/$id', params: { id: row.id }, ...(verdict ? { hash: verdict } : {}) });
      };
      if (event.key === 'j') setAt(Math.min(at + 1, rows.length - 1));
      else if (event.key === 'k') setAt(Math.max(at - 1, 0));
      else if (event.key === 'x' && row) toggle(row.id);
      else if (event.key === 'o') open();
      else if (event.key === 'a') open('approve');
      else if (event.key === 'c' && row) claim.go(row.id, () => void message.success(`${t.claimed} ${row.number}`));
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  });
}
