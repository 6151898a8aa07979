import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Alert, Button, DatePicker, Form, Input, Result, Select, Space, Spin, theme } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { asEvidence, HandIn, type Handed } from '../ground/case/hand-in';
import { useChoices, useManyCodes } from '../ground/codes';
import { today, useDay } from '../ground/days';
import { useWords } from '../ground/language';
import { useMe } from '../ground/me';
import { Page } from '../ground/page';
import { Panel } from '../ground/panel';
import { ProblemShown } from '../ground/problem';
import { filled, SchemaFields, type ObjectSchema } from '../ground/schema-fields';
import { useSend } from '../ground/send';
import { filingWords } from '../words/filing';
import { taskWords } from '../words/task';
import { Check, type Draft } from './check';
import { FindStudent } from './find-student';
import { usePossibleKinds, type Kind, type Offered } from './possible-kinds';
import './file.css';

const route = getRouteApi('/shell/requests/file');

/** Files a request, from the student to its number, on one page that grows downwards. */
export function FileRequest() {
  const t = useWords(filingWords);
  const { student } = route.useSearch();
  const navigate = route.useNavigate();
  const me = useMe();
  const [isFromOutside, setFromOutside] = useState(false);
  const [filed, setFiled] = useState<Schemas['ChangeRequestView']>();
  const schoolId = me.offices.find(({ office }) => office === 'schoolClerk')?.organisation.id;
  const choose = (id: string | undefined) => {
    setFiled(undefined);
    setFromOutside(false);
    void navigate({ search: { student: id } });
  };
  if (!schoolId) return null;
  if (filed)
    return (
      <Page title={t.title}>
        <Result
          status="success"
          title={
            <span role="status">
              {t.done} <span className="figures">{filed.number}</span>
            </span>
          }
          extra={
            <Space wrap>
              <Link to="/requests/$id" params={{ id: filed.id }}>
                {t.open}
              </Link>
              <Button onClick={() => choose(undefined)}>{t.again}</Button>
            </Space>
          }
        />
      </Page>
    );
  return (
    <Page title={t.title}>
      <div className="filing">
        <Panel title={t.student}>
          {student ? (
            <Chosen id={student} onAnother={() => choose(undefined)} />
          ) : isFromOutside ? (
            <Space wrap>
              {t.fromOutside}
              <Button onClick={() => setFromOutside(false)}>{t.another}</Button>
            </Space>
          ) : (
            <>
              <FindStudent schoolId={schoolId} onChosen={choose} />
              <Button type="link" style={{ whiteSpace: 'normal', height: 'auto', textAlign: 'start' }} onClick={() => setFromOutside(true)}>
                {t.fromOutside}
              </Button>
            </>
          )}
        </Panel>
        {student && <OfStudent key={student} studentId={student} schoolId={schoolId} onFiled={setFiled} />}
        {isFromOutside && <Entries kind="crossTrackTransfer" schoolId={schoolId} onFiled={setFiled} />}
      </div>
    </Page>
  );
}

function Chosen({ id, onAnother }: { id: string; onAnother: () => void }) {
  const t = useWords(filingWords);
  const state = useManyCodes(['enrolment-states']);
  const { data, error } = useQuery({
    queryKey: ['student', id],
    queryFn: ({ signal }) => told(api.GET('/api/v1/students/{id}', { params: { path: { id } }, signal })),
    staleTime: 60_000,
  });
  if (error) return <ProblemShown error={error} />;
  if (!data) return <Spin />;
  return (
    <Space wrap>
      <strong>{data.name}</strong>
      <span className="figures">{data.studentNumber}</span>
      <span>{data.enrolment?.className ?? t.unplaced}</span>
      <span>{data.state && state('enrolment-states', data.state)}</span>
      <Button onClick={onAnother}>{t.another}</Button>
    </Space>
  );
}

interface Given {
  schoolId: string;
  onFiled: (request: Schemas['ChangeRequestView']) => void;
}

function OfStudent({ studentId, schoolId, onFiled }: Given & { studentId: string }) {
  const t = useWords(filingWords);
  const kinds = usePossibleKinds(studentId);
  const [kind, setKind] = useState<Kind>();
  return (
    <>
      <Panel title={t.kind}>
        {kinds ? (
          <ul className="kinds">
            {kinds.map((one) => (
              <li key={one.kind}>
                <KindButton kind={one} isChosen={one.kind === kind} onChoose={() => setKind(one.kind)} />
              </li>
            ))}
          </ul>
        ) : (
          <Spin />
        )}
      </Panel>
      {kind && <Entries key={kind} kind={kind} studentId={studentId} schoolId={schoolId} onFiled={onFiled} />}
    </>
  );
}

function KindButton({ kind, isChosen, onChoose }: { kind: Offered; isChosen: boolean; onChoose: () => void }) {
  const t = useWords(filingWords);
  const { token } = theme.useToken();
  return (
    <button
      type="button"
      disabled={kind.barred !== undefined}
      aria-pressed={isChosen}
      style={{
        borderColor: isChosen ? token.colorLink : token.colorBorder,
        background: isChosen ? token.colorPrimaryBg : token.colorBgContainer,
        color: kind.barred ? token.colorTextSecondary : token.colorText,
      }}
      onClick={onChoose}
    >
      <strong>{kind.title}</strong>
      <div style={{ color: token.colorTextSecondary }}>
        {kind.barred ? `${t.notNow}：${kind.barred.message}` : articleText(kind.article, t.article)}
      </div>
    </button>
  );
}

const ARTICLE = /Art (\d+)(?: ¶(\d+))?/;

/** The article of the regulation as people say it, without the marks of this system's own readings. */
const articleText = (article: string, say: (article: string, paragraph: string | undefined) => string): string => {
  const [, number, paragraph] = ARTICLE.exec(article) ?? [];
  return number ? say(number, paragraph) : '';
};

interface Entered {
  details?: Record<string, unknown>;
  reason?: string;
  by?: Schemas['ApplicationInput']['by'];
  on?: string;
}

const draftOf = (kind: Kind, studentId: string | undefined, entered: Entered, files: readonly Handed[]): Draft => ({
  kind,
  ...(studentId ? { studentId } : {}),
  details: filled(entered.details) ?? {},
  reason: entered.reason ?? '',
  ...(entered.by && entered.on ? { application: { by: entered.by, on: entered.on } } : {}),
  ...asEvidence(files),
});

function Entries({ kind, studentId, schoolId, onFiled }: Given & { kind: Kind; studentId?: string }) {
  const t = useWords(filingWords);
  const task = useWords(taskWords);
  const [form] = Form.useForm<Entered>();
  const [files, setFiles] = useState<readonly Handed[]>([]);
  const applicants = useChoices('applicants');
  const { data, error: unread } = useQuery({
    queryKey: ['change-kind', kind],
    queryFn: ({ signal }) => told(api.GET('/api/v1/change-kinds/{kind}', { params: { path: { kind } }, signal })),
    staleTime: Infinity,
  });
  const entered = (Form.useWatch([], form) ?? {}) as Entered;
  const { go, error, isPending, isPaused } = useSend({
    send: (draft: Draft, key) =>
      told(
        api.POST('/api/v1/change-requests', {
          params: { header: { 'Idempotency-Key': key } },
          body: draft as unknown as Schemas['FileRequest'],
        }),
      ),
    changes: [['requests'], ['tasks'], ['summary'], ['students'], ['student'], ['precheck', 'trial']],
    onDone: onFiled,
  });
  if (unread) return <ProblemShown error={unread} />;
  if (!data) return <Spin />;
  const ground = entered.details?.ground;
  const items = data.evidence.items.filter(({ grounds }) => !grounds || grounds.includes(String(ground)));
  const draft = draftOf(kind, studentId, entered, files);
  const asked = { ...draft, ...(draft.reason ? {} : { reason: undefined }) } as Draft;
  return (
    <Form<Entered> form={form} layout="vertical" initialValues={{ on: today() }} onFinish={() => go(draft)}>
      <Panel title={t.details} style={{ marginBottom: 12 }}>
        <div className="filing-fields">
          <SchemaFields
            schema={data.detailsSchema as unknown as ObjectSchema}
            name={['details']}
            schoolId={schoolId}
            without={kind === 'crossTrackTransfer' ? ['destinationSchoolId'] : ['requestId', 'jointProgrammeId']}
          />
          {kind === 'reinstatement' && studentId && (
            <Form.Item name={['details', 'requestId']} label={t.undone} rules={[{ required: true, message: task.needed }]}>
              <Effected studentId={studentId} />
            </Form.Item>
          )}
          {kind === 'transfer' && (
            <Form.Item name={['details', 'jointProgrammeId']} label={t.programme} extra={t.programmeHelp}>
              <Programme />
            </Form.Item>
          )}
          <Form.Item name="by" label={t.applicant}>
            <Select allowClear options={applicants} />
          </Form.Item>
          <Form.Item
            name="on"
            label={t.appliedOn}
            getValueProps={(value?: string) => ({ value: value ? dayjs(value) : null })}
            normalize={(value?: dayjs.Dayjs | null) => value?.format('YYYY-MM-DD')}
          >
            <DatePicker style={{ width: '100%' }} />
          </Form.Item>
        </div>
        <Form.Item name="reason" label={t.reason} rules={[{ required: true, whitespace: true, message: t.reasonNeeded }]}>
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
      </Panel>
      <Panel title={t.evidence} style={{ marginBottom: 12 }}>
        {data.evidence.least > 0 && (
          <p>
            {t.least(data.evidence.least)}
            {data.evidence.documents.join('；')}
          </p>
        )}
        <HandIn
          items={items}
          accept={data.evidence.mediaTypes}
          files={files}
          onChange={setFiles}
          {...(items.length === 0 && data.evidence.documents[0] ? { rest: data.evidence.documents[0] } : {})}
        />
      </Panel>
      <Panel title={t.check}>
        <p>
          <strong>{t.route}</strong>：
          {data.steps
            .map(({ title, workingDays }) => (data.deadlineScope === 'each' ? `${title}（${t.days(workingDays)}）` : title))
            .join(' → ')}
          {data.deadlineScope === 'total' && data.steps[0] && `（${t.shared(data.steps[0].workingDays)}）`}
        </p>
        <div aria-live="polite" style={{ marginBottom: 12 }}>
          <Check draft={asked} />
        </div>
        {isPaused && <Alert type="warning" showIcon title={t.waiting} style={{ marginBottom: 12 }} />}
        {error && (
          <div style={{ marginBottom: 12 }}>
            <ProblemShown error={error} />
          </div>
        )}
        <Button type="primary" size="large" htmlType="submit" loading={isPending}>
          {t.submit}
        </Button>
      </Panel>
    </Form>
  );
}

/** A change of the student that has taken effect. */
function Effected({ studentId, value, onChange, id }: { studentId: string; value?: string; onChange?: (id: string) => void; id?: string }) {
  const kind = useManyCodes(['change-kinds']);
  const day = useDay();
  const { data, isFetching } = useQuery({
    queryKey: ['requests', 'effected', studentId],
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/change-requests', { params: { query: { studentId, state: 'approved', limit: 50 } }, signal })),
  });
  return (
    <Select
      {...(id ? { id } : {})}
      loading={isFetching}
      value={value}
      onChange={onChange}
      options={(data?.items ?? []).map((one) => ({
        value: one.id,
        label: `${one.number} ${kind('change-kinds', one.kind)} ${day(one.closedAt ?? one.filedAt)}`,
      }))}
    />
  );
}

/** A joint programme under which the student moves. */
function Programme({ value, onChange, id }: { value?: string; onChange?: (id: string) => void; id?: string }) {
  const { data, isFetching } = useQuery({
    queryKey: ['joint-programmes'],
    queryFn: ({ signal }) => told(api.GET('/api/v1/joint-programmes', { params: { query: { limit: 200 } }, signal })),
    retry: false,
  });
  return (
    <Select
      allowClear
      {...(id ? { id } : {})}
      loading={isFetching}
      value={value}
      onChange={onChange}
      options={(data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))}
    />
  );
}
