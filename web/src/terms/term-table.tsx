import { Link } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { api, told, type Schemas } from '../ground/api';
import { useDay } from '../ground/days';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { usePaged } from '../ground/paged';
import { termsWords } from '../words/terms';
import { GROUPINGS } from './filters';
import { useTermNamed } from './term-named';

type By = (typeof GROUPINGS)[number];
type Row = Schemas['TermTableRow'];
type Count = 'schools' | 'toRegister' | 'registered' | 'unregistered' | 'overdue' | 'late' | 'suspended' | 'pending';

/** The counts of each school or authority, most unregistered first. */
export function TermTable({ by, onBy }: { by: By; onBy: (by: By) => void }) {
  const t = useWords(termsWords);
  const day = useDay();
  const named = useTermNamed();
  const { list, rows, first } = usePaged<Row, Schemas['TermTable']>({
    queryKey: ['terms', by],
    ask: (part, signal) => told(api.GET('/api/v1/supervision/terms', { params: { query: { by, ...part } }, signal })),
  });
  const count = (name: Count) => ({ name: t[name], cell: (row: Row) => <span className="figures">{row[name]}</span> });
  const due = { name: t.due, cell: (row: Row) => row.dueDate && <span className="figures">{day(row.dueDate)}</span> };
  const organisation = {
    name: t.organisation,
    cell: (row: Row) =>
      by === 'school' ? (
        <Link to="/terms" search={{ schoolId: row.organisation.id } as never}>
          {row.organisation.name}
        </Link>
      ) : (
        row.organisation.name
      ),
  };
  return (
    <>
      <div className="filters">
        <Segmented<By>
          aria-label={t.groupBy}
          value={by}
          options={GROUPINGS.map((one) => ({ value: one, label: t[one] }))}
          onChange={onBy}
        />
        {first && <span>{named(first.term)}</span>}
      </div>
      <Listed
        label={t.title}
        list={list}
        rows={rows.map((row) => ({ ...row, id: row.organisation.id }))}
        empty={t.none}
        columns={[
          organisation,
          ...(by === 'authority' ? [count('schools')] : [due]),
          count('toRegister'),
          count('registered'),
          count('unregistered'),
          count('overdue'),
          count('late'),
          count('suspended'),
          count('pending'),
        ]}
      />
    </>
  );
}
