import { CheckOutlined, CloseOutlined, RollbackOutlined } from '@ant-design/icons';
import { theme } from 'antd';
import { caseWords } from '../../words/case';
import type { Schemas } from '../api';
import { useCodes } from '../codes';
import { DueDay, useTime } from '../days';
import { useWords } from '../language';
import { useWorkingDaysLeft } from '../working-days';
import './case.css';

type Request = Schemas['ChangeRequestDetail'];

const SIGNS = { approved: <CheckOutlined />, rejected: <CloseOutlined />, returned: <RollbackOutlined /> } as const;

/** The route as a line of stations: who decided and when, who decides now, what is still to come. */
export function RouteLine({ request }: { request: Request }) {
  const t = useWords(caseWords);
  const step = useCodes('steps');
  const verdict = useCodes('verdicts');
  const time = useTime();
  const left = useWorkingDaysLeft();
  const { token } = theme.useToken();
  const decisionOf = (id: string) => request.timeline.filter((entry) => entry.kind === 'decided' && entry.step === id).at(-1);
  return (
    <ol className="stations">
      {request.steps.map(({ id, state, organisation, visit }) => {
        const task = request.currentTasks.find((one) => one.step === id);
        const decision = state === 'waiting' || state === 'open' ? undefined : decisionOf(id);
        const colour =
          state === 'approved'
            ? token.colorSuccessText
            : state === 'rejected' || state === 'returned'
              ? token.colorErrorText
              : state === 'waiting'
                ? token.colorTextSecondary
                : token.colorLink;
        return (
          <li key={`${id} ${visit}`} aria-current={state === 'open' ? 'step' : undefined} style={{ borderColor: colour }}>
            <span className="station-sign" style={{ color: colour, borderColor: colour, background: token.colorBgContainer }} aria-hidden>
              {SIGNS[state as keyof typeof SIGNS]}
            </span>
            <strong>{step(id)}</strong>
            <div>{organisation.name}</div>
            <div style={{ color: colour }}>
              {state === 'waiting'
                ? t.waiting
                : state === 'open'
                  ? t.here
                  : state === 'supplementing'
                    ? t.supplementing
                    : decision?.verdict && verdict(decision.verdict)}
              {visit > 1 && `（${t.visit(visit)}）`}
            </div>
            {decision && (
              <div className="figures" style={{ color: token.colorTextSecondary }}>
                {decision.by?.displayName} {time(decision.at)}
              </div>
            )}
            {task && (
              <DueDay dueDate={task.dueDate} overdue={task.overdue} provisional={task.provisional} workingDaysLeft={left(task.dueDate)} />
            )}
          </li>
        );
      })}
    </ol>
  );
}
