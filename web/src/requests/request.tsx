import {
  ArrowLeftOutlined,
  CheckOutlined,
  ClockCircleOutlined,
  CloseOutlined,
  PrinterOutlined,
  StopOutlined,
  WarningFilled,
} from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Alert, Button, Space, Spin, Tag } from 'antd';
import type { ReactNode } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { Evidence } from '../ground/case/evidence';
import { FieldValue, useFieldName } from '../ground/case/fields';
import { Moves } from '../ground/case/moves';
import { RouteLine } from '../ground/case/route-line';
import { Timeline } from '../ground/case/timeline';
import { useManyCodes } from '../ground/codes';
import { useDay, useTime } from '../ground/days';
import { useWords } from '../ground/language';
import { Page } from '../ground/page';
import { Panel } from '../ground/panel';
import { ProblemShown } from '../ground/problem';
import { caseWords } from '../words/case';
import { requestsWords } from '../words/requests';
import { Supplement } from './supplement';

type Request = Schemas['ChangeRequestDetail'];

const route = getRouteApi('/shell/requests/$id');
/** What somebody else does shows without reloading. */
const AGAIN_MS = 15_000;

/** A request: how it stands, what it says, what happened, and what the caller may do. */
export function RequestPage() {
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['request', id],
    queryFn: ({ signal }) => told(api.GET('/api/v1/change-requests/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.processing ? 1000 : AGAIN_MS),
  });
  if (error && !data) return <ProblemShown error={error} onRetry={() => void refetch()} />;
  if (!data) return <Spin size="large" style={{ margin: 48 }} />;
  return <Shown key={id} request={data} />;
}

/** The move by which the filer supplements: it belongs to the task that waits for it. */
function useSupplement(request: Request) {
  const id = request.currentTasks.find(({ capacity }) => capacity === 'supplement')?.id;
  const { data } = useQuery({
    queryKey: ['task', id],
    queryFn: ({ signal }) => told(api.GET('/api/v1/tasks/{id}', { params: { path: { id: id ?? '' } }, signal })),
    enabled: id !== undefined,
    retry: false,
  });
  return data?.allowedActions.find(({ action, allowed }) => action === 'supplement' && allowed);
}

function Shown({ request }: { request: Request }) {
  const t = useWords(requestsWords);
  const words = useWords(caseWords);
  const word = useManyCodes(['change-kinds', 'request-states', 'holds']);
  const supplement = useSupplement(request);
  const { hold } = request;
  return (
    <Page
      title={`${request.number} ${word('change-kinds', request.kind)}`}
      extra={
        <Space wrap>
          <Link to="/requests">
            <ArrowLeftOutlined /> {t.back}
          </Link>
          <Prints request={request} />
          <Moves actions={request.allowedActions} requestId={request.id} />
        </Space>
      }
    >
      <p className="request-head">
        <Tag icon={STATE_SIGNS[request.state]}>{word('request-states', request.state)}</Tag>
        {hold && <Tag icon={<WarningFilled />}>{word('holds', hold.kind)}</Tag>}
        {request.stale && <Tag icon={<WarningFilled />}>{t.stale}</Tag>}
        {request.processing && <span role="status">{t.processing}</span>}
      </p>
      {hold?.message && <Alert type="warning" showIcon title={hold.message} description={hold.remedy} style={{ marginBottom: 12 }} />}
      {supplement && <Supplement request={request} href={supplement.href} />}
      <Panel title={words.route} style={{ marginBottom: 12 }}>
        <RouteLine request={request} />
        {request.currentTasks.map((task) => (
          <Link key={task.id} to={'/tasks/$id' as never} params={{ id: task.id } as never}>
            {t.task}：{task.holder.name}
          </Link>
        ))}
      </Panel>
      {request.withheld ? <Alert type="info" showIcon title={words.withheld} style={{ marginBottom: 12 }} /> : <Stated request={request} />}
      <Panel title={words.timeline}>
        <Timeline entries={request.timeline} />
      </Panel>
    </Page>
  );
}

const STATE_SIGNS: Readonly<Record<Request['state'], ReactNode>> = {
  open: <ClockCircleOutlined />,
  approved: <CheckOutlined />,
  rejected: <CloseOutlined />,
  recalled: <StopOutlined />,
  superseded: <StopOutlined />,
  cancelled: <StopOutlined />,
};

const FORMS = ['intake', 'graduation'];

function Prints({ request }: { request: Request }) {
  const t = useWords(requestsWords);
  if (request.withheld || FORMS.includes(request.kind)) return null;
  const address = `/api/v1/change-requests/${request.id}`;
  return (
    <>
      <Button icon={<PrinterOutlined />} href={`${address}/form`} target="_blank" rel="noopener">
        {t.form}
      </Button>
      {request.kind === 'transfer' && request.state === 'approved' && (
        <Button icon={<PrinterOutlined />} href={`${address}/transfer-letter`} target="_blank" rel="noopener">
          {t.letter}
        </Button>
      )}
    </>
  );
}

/** What the request asks for, as its filer stated it. */
function Stated({ request }: { request: Request }) {
  const t = useWords(requestsWords);
  const words = useWords(caseWords);
  const name = useFieldName();
  const word = useManyCodes(['applicants']);
  const day = useDay();
  const time = useTime();
  const { application, handover } = request;
  return (
    <>
      <Panel
        title={t.stated}
        style={{ marginBottom: 12 }}
        extra={
          request.studentId && (
            <Link to={'/students/$id' as never} params={{ id: request.studentId } as never}>
              {t.dossier}
            </Link>
          )
        }
      >
        <dl className="facts">
          <div>
            <dt>{request.batch ? t.batchCase : words.student}</dt>
            <dd>{request.batch ?? request.maskedName}</dd>
          </div>
          <div>
            <dt>{name('school')}</dt>
            <dd>
              {request.sourceSchool.name}
              {request.destinationSchool && ` → ${request.destinationSchool.name}`}
            </dd>
          </div>
          {application && (
            <div>
              <dt>{t.applicant}</dt>
              <dd>
                {word('applicants', application.by)} {day(application.on)}
              </dd>
            </div>
          )}
          {request.externalId && (
            <div>
              <dt>{t.externalId}</dt>
              <dd>{request.externalId}</dd>
            </div>
          )}
          {Object.entries(request.details)
            .filter(([field]) => field !== 'destinationSchoolId')
            .map(([field, value]) => (
              <div key={field}>
                <dt>{name(field)}</dt>
                <dd>
                  <FieldValue field={field} value={value} />
                </dd>
              </div>
            ))}
          {handover && (
            <div>
              <dt>{t.handover}</dt>
              <dd>
                {handover.school.name} {day(handover.effectiveOn)}
              </dd>
            </div>
          )}
          {request.notices.map(({ fromSchool, toProvince, recordedAt }) => (
            <div key={fromSchool.id + toProvince.id}>
              <dt>{t.notices}</dt>
              <dd>
                {fromSchool.name} → {toProvince.name} {time(recordedAt)}
              </dd>
            </div>
          ))}
        </dl>
        {request.reason && (
          <p>
            <strong>{words.reason}</strong>：<span style={{ whiteSpace: 'pre-wrap' }}>{request.reason}</span>
          </p>
        )}
        <p className="figures">{words.filedBy(request.filer.name, time(request.filedAt))}</p>
      </Panel>
      <Panel title={words.evidence} style={{ marginBottom: 12 }}>
        <Evidence files={request.files} />
      </Panel>
    </>
  );
}
