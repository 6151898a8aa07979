import { CheckCircleOutlined, ClockCircleOutlined, ExclamationCircleFilled } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { theme } from 'antd';
import { api, told, type Schemas } from '../ground/api';
import { useDay, useTime } from '../ground/days';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { usePaged } from '../ground/paged';
import { supervisionWords } from '../words/supervision';

type Row = Schemas['UrgeView'];

/** The urges that ask for an answer. The answer itself stands in the timeline of the request. */
export function Urges() {
  const t = useWords(supervisionWords);
  const day = useDay();
  const time = useTime();
  const { list, rows } = usePaged<Row>({
    queryKey: ['supervision', 'urges'],
    ask: (part, signal) => told(api.GET('/api/v1/supervision/urges', { params: { query: part }, signal })),
  });
  return (
    <Listed
      label={t.urges}
      list={list}
      rows={rows.map((row) => ({ ...row, id: `${row.requestId} ${row.seq}` }))}
      empty={t.noUrges}
      columns={[
        {
          name: t.number,
          cell: (one) => (
            <Link to={'/requests/$id' as never} params={{ id: one.requestId } as never} className="figures">
              {one.number}
            </Link>
          ),
        },
        { name: t.holder, cell: ({ holder }) => holder.name },
        { name: t.by, cell: ({ by }) => by.name },
        { name: t.urgedAt, cell: (one) => <span className="figures">{time(one.urgedAt)}</span> },
        { name: t.answerBy, cell: (one) => <span className="figures">{day(one.answerBy)}</span> },
        { name: t.state, cell: (one) => <State urge={one} /> },
      ]}
    />
  );
}

function State({ urge: { state, late, answeredAt } }: { urge: Row }) {
  const t = useWords(supervisionWords);
  const time = useTime();
  const { token } = theme.useToken();
  return (
    <>
      {state === 'answered' ? <CheckCircleOutlined aria-hidden /> : <ClockCircleOutlined aria-hidden />} {t[state]}
      {answeredAt && <div className="figures">{time(answeredAt)}</div>}
      {late && (
        <div style={{ color: token.colorErrorText }}>
          <ExclamationCircleFilled aria-hidden /> {t.late}
        </div>
      )}
    </>
  );
}
