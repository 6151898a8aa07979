import { DownOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { App, Button, DatePicker, Dropdown, Form, Input, InputNumber, Modal, Select } from 'antd';
import dayjs from 'dayjs';
import { useState, type ReactNode } from 'react';
import { api, told, type Schemas } from '../api';
import { useWords } from '../language';
import { OrganisationPicker } from '../organisation-picker';
import { post } from '../post';
import { ProblemShown } from '../problem';
import { useSend } from '../send';
import { taskWords } from '../../words/task';

type Action = Schemas['ActionView'];
type Field = 'person' | 'organisation' | 'organisationId' | 'dueDate' | 'answerBy' | 'workingDays' | 'cause' | 'objector' | Text;
type Text = 'reason' | 'question' | 'answer' | 'note' | 'comment' | 'objection';
type Word = keyof typeof taskWords.zh;

/** What each move is called, what it needs, and of that what may be left out. A move that is not here has a page of its own. */
const MOVES: Readonly<Record<string, { name: Word; help: Word; fields: readonly Field[]; optional?: readonly Field[] }>> = {
  claim: { name: 'claim', help: 'claimHelp', fields: [] },
  release: { name: 'release', help: 'releaseHelp', fields: [] },
  reassignment: { name: 'reassignment', help: 'reassignmentHelp', fields: ['person', 'reason'] },
  delegation: { name: 'delegation', help: 'delegationHelp', fields: ['person', 'question'] },
  'delegation/answer': { name: 'delegationAnswer', help: 'delegationAnswerHelp', fields: ['answer'] },
  'delegation/withdrawal': { name: 'delegationWithdrawal', help: 'delegationWithdrawalHelp', fields: [] },
  consultations: { name: 'consultations', help: 'consultationsHelp', fields: ['organisationId', 'question', 'dueDate'] },
  comments: { name: 'comments', help: 'commentsHelp', fields: ['comment'] },
  copies: { name: 'copies', help: 'copiesHelp', fields: ['organisation', 'reason'] },
  objections: { name: 'objections', help: 'objectionsHelp', fields: ['objector', 'objection'] },
  retraction: { name: 'retraction', help: 'retractionHelp', fields: ['reason'] },
  urge: { name: 'urge', help: 'urgeHelp', fields: ['answerBy', 'note'], optional: ['answerBy', 'note'] },
  'urge/answer': { name: 'urgeAnswer', help: 'urgeAnswerHelp', fields: ['answer'] },
  recall: { name: 'recall', help: 'recallHelp', fields: ['reason'] },
  cancellation: { name: 'cancellation', help: 'cancellationHelp', fields: ['reason'] },
  pause: { name: 'pause', help: 'pauseHelp', fields: ['cause', 'reason'] },
  continuation: { name: 'continuation', help: 'continuationHelp', fields: ['reason'] },
  deadline: { name: 'deadline', help: 'deadlineHelp', fields: ['workingDays', 'reason'] },
  retry: { name: 'retry', help: 'retryHelp', fields: ['reason'] },
};

/** The field of the body that a field of the form fills. */
const sentAs = (field: Field): string => (field === 'person' || field === 'organisation' ? 'to' : field);

/** All moves beside the decision: those that are possible first, the others with the reason why not. */
export function Moves({ actions, taskId, requestId }: { actions: readonly Action[]; taskId?: string; requestId: string }) {
  const t = useWords(taskWords);
  const [chosen, setChosen] = useState<Action>();
  const known = actions.filter(({ action }) => action in MOVES);
  const inOrder = [...known.filter(({ allowed }) => allowed), ...known.filter(({ allowed }) => !allowed)];
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          style: { maxHeight: '70vh', overflow: 'auto' },
          items: inOrder.map((one) => {
            const move = MOVES[one.action];
            return {
              key: one.href,
              disabled: !one.allowed,
              label: (
                <div style={{ maxWidth: 320, whiteSpace: 'normal' }}>
                  <strong>{move && t[move.name]}</strong>
                  <div>{one.allowed ? move && t[move.help] : one.barred?.message}</div>
                </div>
              ),
              onClick: () => setChosen(one),
            };
          }),
        }}
      >
        <Button>
          {t.more} <DownOutlined />
        </Button>
      </Dropdown>
      {chosen && (
        <Move
          key={chosen.href}
          action={chosen}
          requestId={requestId}
          {...(taskId ? { taskId } : {})}
          onClose={() => setChosen(undefined)}
        />
      )}
    </>
  );
}

function Move({ action, taskId, requestId, onClose }: { action: Action; taskId?: string; requestId: string; onClose: () => void }) {
  const t = useWords(taskWords);
  const { message } = App.useApp();
  const [form] = Form.useForm<Record<string, unknown>>();
  const { go, error, isPending } = useSend({
    send: (body: object, key) => post(action.href, body, key),
    changes: [['task'], ['tasks'], ['summary'], ['requests'], ['request', requestId]],
    onDone: () => {
      void message.success(t.done);
      onClose();
    },
  });
  const move = MOVES[action.action];
  if (!move) return null;
  return (
    <Modal
      open
      title={t[move.name]}
      okText={t.send}
      cancelText={t.cancel}
      confirmLoading={isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p>{t[move.help]}</p>
      <Form form={form} layout="vertical" onFinish={(values) => go(action.action === 'deadline' ? { ...values, taskId } : values)}>
        {move.fields.map((field) => (
          <Form.Item
            key={field}
            name={sentAs(field)}
            label={t[LABELS[field]]}
            rules={[{ required: !move.optional?.includes(field), message: t.needed }]}
            {...(field === 'dueDate' || field === 'answerBy'
              ? {
                  getValueProps: (value?: string) => ({ value: value ? dayjs(value) : null }),
                  normalize: (value?: dayjs.Dayjs | null) => value?.format('YYYY-MM-DD'),
                }
              : {})}
          >
            {inputOf(field, t, taskId)}
          </Form.Item>
        ))}
      </Form>
      {error && <ProblemShown error={error} />}
    </Modal>
  );
}

const LABELS: Readonly<Record<Field, Word>> = {
  person: 'person',
  organisation: 'organisation',
  organisationId: 'organisation',
  dueDate: 'day',
  answerBy: 'day',
  workingDays: 'days',
  cause: 'cause',
  objector: 'objector',
  reason: 'why',
  question: 'question',
  answer: 'answer',
  note: 'note',
  comment: 'comment',
  objection: 'objections',
};

function inputOf(field: Field, t: Readonly<Record<Word, string>>, taskId: string | undefined): ReactNode {
  if (field === 'person') return <Candidates taskId={taskId ?? ''} />;
  if (field === 'organisation' || field === 'organisationId') return <OrganisationPicker label={t.organisation} />;
  if (field === 'dueDate' || field === 'answerBy') return <DatePicker style={{ width: '100%' }} />;
  if (field === 'workingDays') return <InputNumber min={1} style={{ width: '100%' }} />;
  if (field === 'cause')
    return <Select options={(['courtOrder', 'investigation', 'other'] as const).map((value) => ({ value, label: t[value] }))} />;
  if (field === 'objector')
    return (
      <Select
        options={[
          { value: 'student', label: t.studentSelf },
          { value: 'guardian', label: t.guardian },
        ]}
      />
    );
  return <Input.TextArea rows={4} maxLength={2000} />;
}

/** Colleagues to whom the task may be handed; the others say why not. */
function Candidates({ taskId, value, onChange, id }: { taskId: string; value?: string; onChange?: (id: string) => void; id?: string }) {
  const { data, isFetching } = useQuery({
    queryKey: ['task', taskId, 'candidates'],
    queryFn: ({ signal }) => told(api.GET('/api/v1/tasks/{id}/candidates', { params: { path: { id: taskId } }, signal })),
  });
  const items = (
    Array.isArray(data) ? data : ((data as { items?: Schemas['CandidateView'][] } | undefined)?.items ?? [])
  ) as Schemas['CandidateView'][];
  return (
    <Select
      {...(id ? { id } : {})}
      value={value}
      onChange={onChange}
      loading={isFetching}
      options={items.map(({ person, allowed, barred }) => ({
        value: person.id,
        label: allowed ? person.displayName : `${person.displayName}（${barred?.message ?? ''}）`,
        disabled: !allowed,
      }))}
    />
  );
}
