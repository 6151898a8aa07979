import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { DayItem } from '../ground/day-item';
import { useDay } from '../ground/days';
import { FormDialog } from '../ground/form-dialog';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { inOne } from '../ground/paged';
import { useSend } from '../ground/send';
import { administrationWords } from '../words/administration';
import { formWords } from '../words/form';

/** Who is in charge of an organisation, as certificates say it. */
export function Heads({ organisationId, mayEnter }: { organisationId: string; mayEnter: boolean }) {
  const t = useWords(administrationWords);
  const form = useWords(formWords);
  const day = useDay();
  const [isEntering, setEntering] = useState(false);
  const query = useQuery({
    queryKey: ['heads', organisationId],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organisations/{id}/heads', { params: { path: { id: organisationId } }, signal })),
  });
  const { go, ...sending } = useSend({
    send: (body: Schemas['SetHead'], key) =>
      told(
        api.POST('/api/v1/organisations/{id}/heads', {
          params: { path: { id: organisationId }, header: { 'Idempotency-Key': key } },
          body,
        }),
      ),
    changes: [['heads']],
    onDone: () => setEntering(false),
  });
  return (
    <>
      {mayEnter && (
        <div className="filters">
          <Button onClick={() => setEntering(true)}>{t.setHead}</Button>
        </div>
      )}
      <Listed
        label={t.heads}
        list={inOne(query)}
        rows={query.data ?? []}
        empty={t.noHeads}
        columns={[
          { name: t.name, cell: ({ displayName }) => displayName },
          { name: t.firstDay, cell: ({ from }) => <span className="figures">{day(from)}</span> },
          { name: t.lastDay, cell: ({ to }) => <span className="figures">{to ? day(to) : t.open}</span> },
        ]}
      />
      {isEntering && (
        <FormDialog<Schemas['SetHead']> title={t.setHead} help={t.headHelp} send={go} sending={sending} onClose={() => setEntering(false)}>
          <Form.Item name="displayName" label={t.name} rules={[{ required: true, message: form.needed }]}>
            <Input autoComplete="off" />
          </Form.Item>
          <DayItem name="from" label={t.firstDay} />
          <DayItem name="to" label={t.lastDay} />
        </FormDialog>
      )}
    </>
  );
}
