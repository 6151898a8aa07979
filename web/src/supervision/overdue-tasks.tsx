import { Link } from '@tanstack/react-router';
import { App, Button, Form, Input, Tag } from 'antd';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { useManyCodes } from '../ground/codes';
import { DayItem } from '../ground/day-item';
import { DueDay, useDay } from '../ground/days';
import { FormDialog } from '../ground/form-dialog';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { OrganisationNamed } from '../ground/organisation-named';
import { usePaged } from '../ground/paged';
import { useSend } from '../ground/send';
import { formWords } from '../words/form';
import { supervisionWords } from '../words/supervision';
import type { Filters } from './filters';

type Task = Schemas['TaskView'];

/** The overdue tasks, the longest overdue first. */
export function OverdueTasks({
  organisationId,
  kind,
  mayUrge,
}: {
  organisationId: string | undefined;
  kind: Filters['kind'];
  mayUrge: boolean;
}) {
  const t = useWords(supervisionWords);
  const day = useDay();
  const word = useManyCodes(['change-kinds', 'steps']);
  const [urging, setUrging] = useState<Task>();
  const only = { ...(organisationId ? { organisationId } : {}), ...(kind ? { kind } : {}) };
  const { list, rows } = usePaged<Task>({
    queryKey: ['supervision', 'tasks', only],
    ask: (part, signal) => told(api.GET('/api/v1/supervision/overdue/tasks', { params: { query: { ...only, ...part } }, signal })),
  });
  const columns = [
    {
      name: t.number,
      cell: (one: Task) => (
        <>
          <Link to={'/tasks/$id' as never} params={{ id: one.id } as never} className="figures">
            {one.number}
          </Link>
          <div>
            {word('change-kinds', one.kind)} {one.maskedName ?? one.batch}
          </div>
        </>
      ),
    },
    { name: t.holder, cell: (one: Task) => one.holder.name },
    { name: t.step, cell: (one: Task) => word('steps', one.step) },
    { name: t.due, cell: (one: Task) => <DueDay dueDate={one.dueDate} overdue={one.overdue} provisional={one.provisional} /> },
    ...(mayUrge
      ? [
          {
            name: t.act,
            cell: (one: Task) => (
              <>
                <Button size="small" aria-label={t.urgeTitle(one.number)} onClick={() => setUrging(one)}>
                  {t.urge}
                </Button>
                {one.answerBy && <div>{t.urged(day(one.answerBy))}</div>}
              </>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      {(organisationId ?? kind) && (
        <p>
          {t.only} {organisationId && <Tag>{<OrganisationNamed id={organisationId} />}</Tag>}
          {kind && <Tag>{word('change-kinds', kind)}</Tag>}
          <Link to="/supervision" search={{ view: 'tasks' } as never} style={{ textDecoration: 'underline' }}>
            {t.all}
          </Link>
        </p>
      )}
      <Listed label={t.tasks} list={list} rows={rows} columns={columns} empty={t.noOverdue} />
      {urging && <Urge task={urging} onClose={() => setUrging(undefined)} />}
    </>
  );
}

interface Asked {
  note?: string;
  answerBy?: string;
}

function Urge({ task, onClose }: { task: Task; onClose: () => void }) {
  const t = useWords(supervisionWords);
  const form = useWords(formWords);
  const { message } = App.useApp();
  const { go, ...sending } = useSend({
    send: (body: Asked, key) =>
      told(api.POST('/api/v1/tasks/{id}/urge', { params: { path: { id: task.id }, header: { 'Idempotency-Key': key } }, body })),
    changes: [['supervision'], ['task', task.id]],
    onDone: () => {
      void message.success(form.done);
      onClose();
    },
  });
  return (
    <FormDialog<Asked> title={t.urgeTitle(task.number)} help={t.urgeHelp} send={go} sending={sending} onClose={onClose}>
      <Form.Item name="note" label={t.note}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
      <DayItem name="answerBy" label={t.answerBy} />
    </FormDialog>
  );
}
