import { CheckCircleOutlined, ExclamationCircleFilled, WarningFilled } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { theme } from 'antd';
import type { ReactNode } from 'react';
import { api, told } from '../ground/api';
import { useManyCodes } from '../ground/codes';
import { DueDay, today } from '../ground/days';
import { useWords } from '../ground/language';
import { useMe } from '../ground/me';
import { Page } from '../ground/page';
import { Panel } from '../ground/panel';
import { ProblemShown } from '../ground/problem';
import { summaryQuery } from '../ground/summary';
import { useWorkingDaysLeft } from '../ground/working-days';
import { deskWords } from '../words/desk';
import './desk.css';

const MOST = 1000;
const STATES = ['open', 'approved', 'rejected', 'recalled', 'superseded', 'cancelled'] as const;

/** What there is to do today: each number leads to the list behind it. */
export function Desk() {
  const t = useWords(deskWords);
  const me = useMe();
  const word = useManyCodes(['request-states']);
  const { data, error, refetch } = useQuery(summaryQuery);
  const { token } = theme.useToken();
  if (error && !data) return <ProblemShown error={error} onRetry={() => void refetch()} />;
  const day = today();
  const calm = data && data.overdue === 0 && data.dueToday === 0;
  return (
    <Page title={t.title}>
      <p>{t.greeting(me.displayName)}</p>
      <section aria-label={t.todo}>
        <ul className="numbers">
          <Figure
            label={t.overdue}
            value={data?.overdue}
            to="/tasks"
            search={{ overdue: true }}
            sign={<ExclamationCircleFilled />}
            colour={token.colorErrorText}
          />
          <Figure
            label={t.dueToday}
            value={data?.dueToday}
            to="/tasks"
            search={{ dueFrom: day, dueTo: day }}
            sign={<WarningFilled />}
            colour={token.colorWarningText}
          />
          <Figure label={t.inbox} value={data?.inbox} to="/tasks" search={{}} />
          <Figure label={t.mine} value={data?.mine} to="/tasks" search={{ box: 'mine' }} />
          <Figure label={t.returned} value={data?.returnedToMe} to="/tasks" search={{ returned: true, filedBy: me.id }} />
          <Figure label={t.paused} value={data?.paused} to="/tasks" search={{ box: 'paused' }} />
        </ul>
      </section>
      {calm && (
        <p style={{ color: token.colorSuccessText }}>
          <CheckCircleOutlined aria-hidden /> {t.nothing}
        </p>
      )}
      <div className="desk">
        <First />
        {data && Object.values(data.requests).some((count) => count > 0) && (
          <Panel title={t.requests}>
            <dl className="states">
              {STATES.filter((state) => data.requests[state] > 0).map((state) => (
                <div key={state}>
                  <dt>{word('request-states', state)}</dt>
                  <dd className="figures">
                    {/* The pages of requests read the same two filters. */}
                    <Link to={'/requests' as never} search={{ state, filedBy: me.id } as never}>
                      {data.requests[state]}
                    </Link>
                  </dd>
                </div>
              ))}
            </dl>
          </Panel>
        )}
      </div>
    </Page>
  );
}

function Figure({
  label,
  value,
  to,
  search,
  sign,
  colour,
}: {
  label: string;
  value: number | undefined;
  to: string;
  search: object;
  sign?: ReactNode;
  colour?: string;
}) {
  const t = useWords(deskWords);
  const { token } = theme.useToken();
  const isUrgent = value !== undefined && value > 0;
  return (
    <li>
      <Link
        to={to as never}
        search={search as never}
        style={{ background: token.colorBgContainer, borderColor: token.colorBorderSecondary, color: token.colorText }}
      >
        <span>{label}</span>
        <strong className="figures" style={isUrgent && colour ? { color: colour } : undefined}>
          {isUrgent && sign && <span aria-hidden>{sign} </span>}
          {value === undefined ? '…' : value >= MOST ? t.most : value}
        </strong>
      </Link>
    </li>
  );
}

const FIRST = 6;

/** The tasks that are due first. */
function First() {
  const t = useWords(deskWords);
  const word = useManyCodes(['change-kinds', 'steps']);
  const left = useWorkingDaysLeft();
  const { data } = useQuery({
    queryKey: ['tasks', 'first'],
    queryFn: ({ signal }) => told(api.GET('/api/v1/tasks', { params: { query: { limit: FIRST } }, signal })),
    refetchInterval: 30_000,
  });
  if (!data || data.items.length === 0) return null;
  return (
    <Panel title={t.soon} extra={<Link to={'/tasks' as never}>{t.all}</Link>}>
      <ul className="first">
        {data.items.map((task) => (
          <li key={task.id}>
            <Link to={'/tasks/$id' as never} params={{ id: task.id } as never} className="figures">
              {task.number}
            </Link>
            <span>
              {word('change-kinds', task.kind)} {task.maskedName ?? task.batch}
            </span>
            <span>{word('steps', task.step)}</span>
            <DueDay dueDate={task.dueDate} overdue={task.overdue} provisional={task.provisional} workingDaysLeft={left(task.dueDate)} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
