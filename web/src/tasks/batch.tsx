import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer, Form, Input, Radio } from 'antd';
import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { useManyCodes } from '../ground/codes';
import { useWords } from '../ground/language';
import { ProblemShown } from '../ground/problem';
import { useSend } from '../ground/send';
import { tasksWords } from '../words/tasks';
import type { Row } from './inbox-query';

type Verdict = 'approve' | 'reject' | 'return';

interface Said {
  verdict: Verdict;
  opinion: string;
}

const isRight = ({ status }: Schemas['BatchResult']): boolean => status < 300;

/** Decides many tasks alike: first what would come of it, row by row, then for real. */
export function BatchDrawer({ rows, onClose }: { rows: readonly Row[]; onClose: () => void }) {
  const t = useWords(tasksWords);
  const word = useManyCodes(['change-kinds', 'verdicts']);
  const queries = useQueryClient();
  const [said, setSaid] = useState<Said>({ verdict: 'approve', opinion: '' });
  const [form] = Form.useForm<Said>();
  // The rows as they were chosen: what is decided leaves the list behind the drawer.
  const [chosen] = useState(rows);
  const bodyOf = (of: readonly Row[], { verdict, opinion }: Said, dryRun: boolean) => ({
    dryRun,
    items: of.map(({ id, version }) => ({ taskId: id, version, verdict, opinion: opinion ?? '' })),
  });
  const send = (body: ReturnType<typeof bodyOf>, key: string) =>
    told(api.POST('/api/v1/tasks/decisions', { params: { header: { 'Idempotency-Key': key } }, body }));
  const trial = useSend({ send });
  const decision = useSend({ send, changes: [['tasks'], ['summary']] });
  const results = decision.answer ?? trial.answer;
  const ready = (trial.answer?.items ?? []).filter(isRight).map(({ taskId }) => taskId);
  const changed = () => {
    trial.forget();
    decision.forget();
  };
  return (
    <Drawer open size={560} title={t.batchTitle} onClose={() => (void queries.invalidateQueries({ queryKey: ['tasks'] }), onClose())}>
      <p>{t.batchHelp}</p>
      <Form<Said>
        form={form}
        layout="vertical"
        initialValues={said}
        disabled={decision.answer !== undefined}
        onValuesChange={changed}
        onFinish={(values) => {
          setSaid(values);
          trial.go(bodyOf(chosen, values, true));
        }}
      >
        <Form.Item name="verdict" label={t.verdict}>
          <Radio.Group options={(['approve', 'reject', 'return'] as const).map((value) => ({ value, label: word('verdicts', value) }))} />
        </Form.Item>
        <Form.Item
          name="opinion"
          label={t.opinion}
          dependencies={['verdict']}
          rules={[({ getFieldValue }) => ({ required: getFieldValue('verdict') !== 'approve', message: t.opinionNeeded })]}
        >
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
        {(trial.error ?? decision.error) && <ProblemShown error={trial.error ?? decision.error} />}
        {!decision.answer && (
          <Button htmlType="submit" loading={trial.isPending}>
            {t.tryFirst}
          </Button>
        )}
      </Form>
      {results && (
        <ul className="batch-results">
          {chosen.map((row) => {
            const result = results.items.find(({ taskId }) => taskId === row.id);
            if (!result) return null;
            const isOf = isRight(result);
            const why = (result.problem as { detail?: string; title?: string } | undefined) ?? {};
            return (
              <li key={row.id}>
                {isOf ? <CheckCircleFilled style={{ color: '#2f8f3a' }} /> : <CloseCircleFilled style={{ color: '#c8322b' }} />}{' '}
                <span className="figures">{row.number}</span> {word('change-kinds', row.kind)} {row.maskedName ?? row.batch}：
                {isOf ? (decision.answer ? t.done : t.ready) : (why.title ?? why.detail)}
              </li>
            );
          })}
        </ul>
      )}
      {trial.answer && !decision.answer && (
        <>
          {ready.length === 0 && <Alert type="warning" title={t.noneReady} />}
          <Button
            type="primary"
            disabled={ready.length === 0}
            loading={decision.isPending}
            onClick={() =>
              decision.go(
                bodyOf(
                  chosen.filter(({ id }) => ready.includes(id)),
                  said,
                  false,
                ),
              )
            }
          >
            {t.decideNow(ready.length)}
          </Button>
        </>
      )}
      {decision.answer && (
        <Button type="primary" onClick={onClose}>
          {t.close}
        </Button>
      )}
    </Drawer>
  );
}
