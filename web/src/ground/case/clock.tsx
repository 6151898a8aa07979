import { useQuery } from '@tanstack/react-query';
import { Spin, theme } from 'antd';
import { caseWords } from '../../words/case';
import { api, told } from '../api';
import { useDay } from '../days';
import { useWords } from '../language';
import { ProblemShown } from '../problem';

/** Why a task is due on its day: each date, and whether it counts. */
export function Clock({ taskId }: { taskId: string }) {
  const t = useWords(caseWords);
  const day = useDay();
  const { token } = theme.useToken();
  const { data, error, refetch } = useQuery({
    queryKey: ['task', taskId, 'clock'],
    queryFn: ({ signal }) => told(api.GET('/api/v1/tasks/{id}/clock', { params: { path: { id: taskId } }, signal })),
  });
  if (error) return <ProblemShown error={error} onRetry={() => void refetch()} />;
  if (!data) return <Spin />;
  const first = new Date(`${data.days[0]?.date ?? data.today}T00:00:00Z`).getUTCDay();
  const says = {
    arrival: t.arrival,
    makeUp: t.makeUp,
    weekend: t.weekend,
    holiday: t.holiday,
    statutory: t.statutory,
    paused: t.pausedDay,
    counted: '',
  } as const;
  return (
    <section aria-label={t.clockTitle}>
      <p>{t.clockHead(data.budget, data.consumed)}</p>
      <ol className="clock-days">
        {data.days.map((one, nth) => {
          const counts = one.kind === 'counted' || one.kind === 'makeUp';
          return (
            <li
              key={one.date}
              aria-current={one.date === data.today ? 'date' : undefined}
              style={{
                gridColumnStart: nth === 0 ? ((first + 6) % 7) + 1 : undefined,
                borderColor: one.date === data.today ? token.colorPrimary : token.colorBorderSecondary,
                background: counts ? token.colorPrimaryBg : undefined,
              }}
            >
              <span className="figures">
                {Number(one.date.slice(5, 7))}/{Number(one.date.slice(8))}
              </span>{' '}
              <span>
                {says[one.kind]} {one.nth !== undefined && t.counted(one.nth)} {one.festival}
              </span>
            </li>
          );
        })}
      </ol>
      <p style={{ color: token.colorTextSecondary }}>{t.calendarOf(data.calendar.version, day(data.calendar.publishedThrough ?? ''))}</p>
    </section>
  );
}
