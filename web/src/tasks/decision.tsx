import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Form, Input, Popconfirm, Radio, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { api, Refusal, told, type Schemas } from '../ground/api';
import { useManyCodes } from '../ground/codes';
import { useWords } from '../ground/language';
import { ProblemShown } from '../ground/problem';
import { filled, SchemaFields, type ObjectSchema } from '../ground/schema-fields';
import { useSend } from '../ground/send';
import { taskWords } from '../words/task';

type Task = Schemas['TaskDetail'];
type Verdict = Schemas['Decision']['verdict'];

interface Entered {
  verdict: Verdict;
  opinion?: string;
  to?: string;
  missing?: string[];
  data?: Record<string, unknown>;
}

const FILER = '';

const asSent = (task: Task, { verdict, opinion = '', to, missing = [], data }: Entered): Schemas['Decision'] => ({
  verdict,
  opinion,
  version: task.version,
  ...(verdict === 'return' && to ? { to: to as NonNullable<Schemas['Decision']['to']> } : {}),
  ...(verdict === 'return' && missing.length > 0 ? { missing } : {}),
  ...(verdict !== 'return' && filled(data) ? { data: filled(data) as NonNullable<Schemas['Decision']['data']> } : {}),
});

/** The verdicts that the caller may give, and what each needs. What was typed stays whatever the answer is. */
export function DecisionForm({
  task,
  preset,
  decided,
  onDone,
}: {
  task: Task;
  preset: Verdict | undefined;
  /** Shown instead, when somebody else decided and nothing was typed. */
  decided: ReactNode;
  onDone: (decided: Task) => void;
}) {
  const t = useWords(taskWords);
  const word = useManyCodes(['verdicts', 'steps']);
  const [form] = Form.useForm<Entered>();
  const [asking, setAsking] = useState(false);
  // The version that this person read first: a later one means that somebody acted meanwhile.
  const [read] = useState(task.version);
  const verdict = Form.useWatch('verdict', form);
  const { go, error, isPending, isPaused } = useSend({
    send: (body: Schemas['Decision'], key) =>
      told(api.POST('/api/v1/tasks/{id}/decision', { params: { path: { id: task.id }, header: { 'Idempotency-Key': key } }, body })),
    changes: [['task', task.id], ['tasks'], ['summary'], ['requests']],
    onDone,
  });
  const kind = useQuery({
    queryKey: ['change-kind', task.kind],
    queryFn: ({ signal }) => told(api.GET('/api/v1/change-kinds/{kind}', { params: { path: { kind: task.kind as never } }, signal })),
    staleTime: Infinity,
    enabled: verdict === 'return',
    retry: false,
  });
  const verdicts = task.allowedVerdicts as Verdict[];
  const barred = task.allowedActions.find(({ action, allowed }) => action === 'decision' && !allowed)?.barred;
  const isTouched = form.isFieldsTouched();
  if (task.state !== 'open' && !isTouched) return decided;
  if (verdicts.length === 0 && !isTouched) return <Alert type="info" showIcon title={t.cannot} description={barred?.message} />;
  const send = () => go(asSent(task, form.getFieldsValue(true) as Entered));
  const submit = () => (verdict === 'reject' ? setAsking(true) : send());
  const items = kind.data ? [...kind.data.evidence.documents, ...kind.data.evidence.items.map(({ title }) => title)] : [];
  return (
    <Form<Entered>
      form={form}
      layout="vertical"
      initialValues={{ verdict: preset && verdicts.includes(preset) ? preset : undefined, to: FILER }}
      onFinish={submit}
    >
      {(task.version !== read || task.state !== 'open') && (
        <Alert type="warning" showIcon title={t.decidedMeanwhile} style={{ marginBottom: 12 }} />
      )}
      <Form.Item name="verdict" label={t.decide} rules={[{ required: true, message: t.choose }]}>
        <Radio.Group
          optionType="button"
          buttonStyle="solid"
          options={(['approve', 'reject', 'return'] as const).map((value) => ({
            value,
            label: word('verdicts', value),
            disabled: !verdicts.includes(value),
          }))}
        />
      </Form.Item>
      {verdict === 'return' && (
        <>
          {task.returnTo.length > 0 && (
            <Form.Item name="to" label={t.returnTo}>
              <Select
                options={[
                  { value: FILER, label: t.toFiler },
                  ...task.returnTo.map((step) => ({ value: step, label: word('steps', step) })),
                ]}
              />
            </Form.Item>
          )}
          <Form.Item name="missing" label={t.missing} extra={t.missingHelp}>
            <Select mode="tags" open={items.length > 0 ? undefined : false} options={items.map((value) => ({ value, label: value }))} />
          </Form.Item>
        </>
      )}
      {task.dataSchema && verdict === 'approve' && (
        <SchemaFields schema={task.dataSchema as unknown as ObjectSchema} name={['data']} schoolId={task.holder.id} />
      )}
      <Form.Item
        name="opinion"
        label={t.opinion}
        dependencies={['verdict']}
        rules={[{ required: verdict !== undefined && verdict !== 'approve', message: t.opinionNeeded }]}
      >
        <Input.TextArea rows={4} maxLength={2000} />
      </Form.Item>
      {isPaused && <Alert type="warning" showIcon title={t.sending} style={{ marginBottom: 12 }} />}
      {error && (!(error instanceof Refusal) || error.status !== 401) && (
        <div style={{ marginBottom: 12 }}>
          <ProblemShown error={error} />
        </div>
      )}
      <Popconfirm
        open={asking}
        title={t.sure}
        okText={t.yes}
        cancelText={t.no}
        onConfirm={() => {
          setAsking(false);
          send();
        }}
        onCancel={() => setAsking(false)}
      >
        <Button
          type="primary"
          htmlType="submit"
          danger={verdict === 'reject'}
          loading={isPending}
          disabled={verdicts.length === 0}
          block
          size="large"
        >
          {verdict === 'reject' ? t.submitReject : verdict === 'return' ? t.submitReturn : verdict === 'approve' ? t.submit : t.send}
        </Button>
      </Popconfirm>
    </Form>
  );
}
