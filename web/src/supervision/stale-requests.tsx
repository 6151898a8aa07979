import { Link } from '@tanstack/react-router';
import { api, told, type Schemas } from '../ground/api';
import { useCodes } from '../ground/codes';
import { useTime } from '../ground/days';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { usePaged } from '../ground/paged';
import { supervisionWords } from '../words/supervision';

/** Open requests that nobody has moved for as long as policy allows. */
export function StaleRequests() {
  const t = useWords(supervisionWords);
  const kind = useCodes('change-kinds');
  const time = useTime();
  const { list, rows } = usePaged<Schemas['StaleView']>({
    queryKey: ['supervision', 'stale'],
    ask: (part, signal) => told(api.GET('/api/v1/supervision/stale', { params: { query: part }, signal })),
  });
  return (
    <Listed
      label={t.stale}
      list={list}
      rows={rows.map((row) => ({ ...row, id: row.requestId }))}
      empty={t.noStale}
      columns={[
        {
          name: t.number,
          cell: (one) => (
            <>
              <Link to={'/requests/$id' as never} params={{ id: one.requestId } as never} className="figures">
                {one.number}
              </Link>
              <div>{kind(one.kind)}</div>
            </>
          ),
        },
        {
          name: t.schools,
          cell: (one) => (
            <>
              {one.sourceSchool.name}
              {one.destinationSchool && <div>→ {one.destinationSchool.name}</div>}
            </>
          ),
        },
        { name: t.holder, cell: ({ holders }) => (holders.length > 0 ? holders.map(({ name }) => name).join('、') : t.nobody) },
        { name: t.movedAt, cell: (one) => <span className="figures">{time(one.movedAt)}</span> },
        { name: t.noticedAt, cell: (one) => <span className="figures">{time(one.notedAt)}</span> },
      ]}
    />
  );
}
