import { ArrowLeftOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Alert, Button, Result, Space, Spin, Tag } from 'antd';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { Clock } from '../ground/case/clock';
import { Moves } from '../ground/case/moves';
import { RouteLine } from '../ground/case/route-line';
import { Timeline } from '../ground/case/timeline';
import { useManyCodes } from '../ground/codes';
import { DueDay } from '../ground/days';
import { useWords } from '../ground/language';
import { Page } from '../ground/page';
import { Panel } from '../ground/panel';
import { ProblemShown } from '../ground/problem';
import { useWorkingDaysLeft } from '../ground/working-days';
import { caseWords } from '../words/case';
import { taskWords } from '../words/task';
import { tasksWords } from '../words/tasks';
import { DecisionForm } from './decision';
import { nextAfter } from './next-task';
import { SubjectOfTask } from './subject';
import './task.css';

const route = getRouteApi('/shell/tasks/$id');
/** What somebody else does shows without reloading. */
const AGAIN_MS = 15_000;

/** A task: whom it is about and what changes, the evidence, the decision, the route, what happened. */
export function Task() {
  const { id } = route.useParams();
  const task = useQuery({
    queryKey: ['task', id],
    queryFn: ({ signal }) => told(api.GET('/api/v1/tasks/{id}', { params: { path: { id } }, signal })),
    refetchInterval: AGAIN_MS,
  });
  if (task.error && !task.data) return <ProblemShown error={task.error} onRetry={() => void task.refetch()} />;
  if (!task.data) return <Spin size="large" style={{ margin: 48 }} />;
  return <Shown key={id} task={task.data} />;
}

function Shown({ task }: { task: Schemas['TaskDetail'] }) {
  const t = useWords(taskWords);
  const words = useWords(caseWords);
  const list = useWords(tasksWords);
  const word = useManyCodes(['change-kinds', 'steps', 'verdicts']);
  const left = useWorkingDaysLeft();
  const [isClock, setClock] = useState(false);
  const [isDone, setDone] = useState(false);
  const preset = window.location.hash === '#approve' ? 'approve' : undefined;
  const subject = useQuery({
    queryKey: ['subject', task.id],
    queryFn: ({ signal }) => told(api.GET('/api/v1/tasks/{id}/subject', { params: { path: { id: task.id } }, signal })),
    // It is told as long as the task is open; what was read stays on the page.
    staleTime: Infinity,
    retry: false,
  });
  const request = useQuery({
    queryKey: ['request', task.requestId],
    queryFn: ({ signal }) => told(api.GET('/api/v1/change-requests/{id}', { params: { path: { id: task.requestId } }, signal })),
    refetchInterval: AGAIN_MS,
  });
  const actions = [
    ...task.allowedActions,
    ...(request.data?.allowedActions ?? []).filter(({ href }) => !task.allowedActions.some((one) => one.href === href)),
  ];
  const isOpen = task.state === 'open';
  const [wasOpen] = useState(isOpen);
  return (
    <Page
      title={`${task.number} ${word('change-kinds', task.kind)}`}
      extra={
        <Space wrap>
          <Link to="/tasks">
            <ArrowLeftOutlined /> {t.back}
          </Link>
          <Moves actions={actions} taskId={task.id} requestId={task.requestId} />
        </Space>
      }
    >
      <p className="task-head">
        <strong>{word('steps', task.step)}</strong>
        <span>{task.holder.name}</span>
        {isOpen && (
          <>
            <DueDay dueDate={task.dueDate} overdue={task.overdue} provisional={task.provisional} workingDaysLeft={left(task.dueDate)} />
            <Button type="link" size="small" aria-expanded={isClock} onClick={() => setClock(!isClock)}>
              {isClock ? words.closeClock : words.whyThisDay}
            </Button>
          </>
        )}
        {task.objected && <Tag color="warning">{list.objected}</Tag>}
        {task.onBehalfOf && <Tag>{list.onBehalf(task.onBehalfOf.name)}</Tag>}
      </p>
      {isClock && (
        <Panel style={{ marginBottom: 12 }}>
          <Clock taskId={task.id} />
        </Panel>
      )}
      {task.hold && <Alert type="warning" showIcon title={task.hold.message} description={task.hold.remedy} style={{ marginBottom: 12 }} />}
      <div className="task">
        <div className="task-subject">
          {subject.isPending || request.isPending ? (
            <Spin />
          ) : subject.data || (request.data && !request.data.withheld) ? (
            <SubjectOfTask subject={subject.data} request={request.data} />
          ) : request.data ? (
            <Alert type="info" showIcon title={words.withheld} />
          ) : (
            <ProblemShown error={request.error} onRetry={() => void request.refetch()} />
          )}
        </div>
        <aside className="task-decision">
          <Panel title={t.decide}>
            {isDone || !wasOpen ? (
              <Decided task={task} />
            ) : (
              <DecisionForm task={task} preset={preset} decided={<Decided task={task} />} onDone={() => setDone(true)} />
            )}
          </Panel>
        </aside>
      </div>
      {request.data && (
        <>
          <Panel title={words.route} style={{ marginTop: 12 }}>
            <RouteLine request={request.data} />
          </Panel>
          <Panel title={words.timeline} style={{ marginTop: 12 }}>
            <Timeline entries={request.data.timeline} />
          </Panel>
        </>
      )}
    </Page>
  );
}

function Decided({ task }: { task: Schemas['TaskDetail'] }) {
  const t = useWords(taskWords);
  const word = useManyCodes(['verdicts']);
  const next = nextAfter(task.id);
  return (
    <Result
      status="success"
      style={{ padding: 8 }}
      title={<span role="status">{t.decidedBy}</span>}
      subTitle={task.verdict ? word('verdicts', task.verdict) : undefined}
      extra={
        <Space wrap>
          {next && (
            <Link to="/tasks/$id" params={{ id: next }}>
              <Button type="primary" tabIndex={-1}>
                {t.next}
              </Button>
            </Link>
          )}
          <Link to="/tasks">{t.back}</Link>
        </Space>
      }
    />
  );
}
