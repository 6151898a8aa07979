import { Link } from '@tanstack/react-router';
import { Segmented, theme } from 'antd';
import { api, told, type Schemas } from '../ground/api';
import { useCodes } from '../ground/codes';
import { useDay } from '../ground/days';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { usePaged } from '../ground/paged';
import { supervisionWords } from '../words/supervision';
import { GROUPINGS } from './filters';
import './supervision.css';

type By = (typeof GROUPINGS)[number];
type Row = Schemas['OverdueRow'];

/** How many tasks are overdue, by what one asks. Each row leads to its tasks. */
export function OverdueCounts({ by, onBy }: { by: By; onBy: (by: By) => void }) {
  const t = useWords(supervisionWords);
  const kind = useCodes('change-kinds');
  const { list, rows, first } = usePaged<Row, Schemas['OverdueTable']>({
    queryKey: ['supervision', 'overdue', by],
    ask: (part, signal) => told(api.GET('/api/v1/supervision/overdue', { params: { query: { by, ...part } }, signal })),
  });
  const named = ({ key, organisation }: Row) => {
    if (by === 'age') {
      const [from = '', to = ''] = key.split('-');
      return t.ageRow(from, to);
    }
    const search = by === 'kind' ? { view: 'tasks', kind: key } : { view: 'tasks', organisationId: key };
    return (
      <Link to="/supervision" search={search as never}>
        {by === 'kind' ? kind(key) : organisation?.name}
      </Link>
    );
  };
  const words = { authority: t.byAuthority, school: t.bySchool, kind: t.byKind, age: t.byAge } as const;
  return (
    <>
      <div className="filters">
        <Segmented<By>
          aria-label={t.groupBy}
          value={by}
          options={GROUPINGS.map((one) => ({ value: one, label: words[one] }))}
          onChange={onBy}
        />
      </div>
      {first && <p>{t.total(first.total)}</p>}
      <Listed
        label={t.overdue}
        list={list}
        rows={rows.map((row) => ({ ...row, id: row.key }))}
        empty={t.noOverdue}
        columns={[
          { name: t[by], cell: named },
          { name: t.overdueNow, cell: ({ overdue }) => <span className="figures">{overdue}</span> },
          { name: t.longest, cell: ({ longestDays }) => <span className="figures">{t.days(longestDays)}</span> },
          { name: t.before, cell: ({ sevenDaysAgo }) => <span className="figures">{sevenDaysAgo ?? t.notCounted}</span> },
        ]}
      />
      {first && <Trend days={first.trend} />}
    </>
  );
}

const HIGH = 72;

/** The counts of the last days as columns, each with its figure to hear and to hover. */
function Trend({ days }: { days: Schemas['OverdueTable']['trend'] }) {
  const t = useWords(supervisionWords);
  const day = useDay();
  const { token } = theme.useToken();
  const most = Math.max(1, ...days.map(({ overdue }) => overdue));
  return (
    <section aria-label={t.trend}>
      <h2 style={{ fontSize: 15, margin: 0 }}>{t.trend}</h2>
      {days.length === 0 ? (
        <p>{t.noTrend}</p>
      ) : (
        <ul className="trend">
          {days.map((one) => (
            <li key={one.day} title={t.trendDay(day(one.day), one.overdue)}>
              <span className="only-heard">{t.trendDay(day(one.day), one.overdue)}</span>
              <span aria-hidden className="figures">
                {one.overdue}
              </span>
              <span aria-hidden style={{ height: Math.max(2, (one.overdue / most) * HIGH), background: token.colorPrimary }} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
