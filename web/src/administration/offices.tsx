import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { useChoices, useCodes } from '../ground/codes';
import { DayItem } from '../ground/day-item';
import { useTime } from '../ground/days';
import { FormDialog } from '../ground/form-dialog';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { inOne } from '../ground/paged';
import { ReasonDialog } from '../ground/reason-dialog';
import { useSend } from '../ground/send';
import { administrationWords } from '../words/administration';
import { formWords } from '../words/form';

type Holder = Schemas['OfficeHolderView'];

/** Who holds which office at an organisation. */
export function Offices({ organisationId }: { organisationId: string }) {
  const t = useWords(administrationWords);
  const office = useCodes('offices');
  const time = useTime();
  const [isGranting, setGranting] = useState(false);
  const [ending, setEnding] = useState<Holder>();
  const query = useQuery({
    queryKey: ['office-holders', organisationId],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organisations/{id}/offices', { params: { path: { id: organisationId } }, signal })),
  });
  const { go, ...sending } = useSend({
    send: ({ officeId, reason }: { officeId: string; reason: string }, key) =>
      told(
        api.POST('/api/v1/organisations/{id}/offices/{officeId}/end', {
          params: { path: { id: organisationId, officeId }, header: { 'Idempotency-Key': key } },
          body: { reason },
        }),
      ),
    changes: [['office-holders'], ['me']],
    onDone: () => setEnding(undefined),
  });
  return (
    <>
      <div className="filters">
        <Button onClick={() => setGranting(true)}>{t.grantOffice}</Button>
      </div>
      <Listed
        label={t.offices}
        list={inOne(query)}
        rows={query.data ?? []}
        empty={t.noOffices}
        columns={[
          { name: t.name, cell: (one) => `${one.displayName}（${one.username}）` },
          { name: t.office, cell: (one) => office(one.office) },
          { name: t.from, cell: (one) => <span className="figures">{time(one.heldFrom)}</span> },
          {
            name: t.until,
            cell: (one) => (
              <span className="figures">
                {one.pendingUntil ? t.pendingUntil(time(one.pendingUntil)) : one.heldUntil ? time(one.heldUntil) : t.open}
              </span>
            ),
          },
          {
            name: t.act,
            cell: (one) =>
              !one.heldUntil &&
              !one.pendingUntil && (
                <Button size="small" aria-label={`${t.endOf(one.displayName)} ${office(one.office)}`} onClick={() => setEnding(one)}>
                  {t.end}
                </Button>
              ),
          },
        ]}
      />
      {isGranting && <Grant organisationId={organisationId} onClose={() => setGranting(false)} />}
      {ending && (
        <ReasonDialog
          title={t.endOf(ending.displayName)}
          go={(reason) => go({ officeId: ending.id, reason })}
          sending={sending}
          onClose={() => setEnding(undefined)}
        />
      )}
    </>
  );
}

const midnight = (day: string): string => `${day}T00:00:00+08:00`;

function Grant({ organisationId, onClose }: { organisationId: string; onClose: () => void }) {
  const t = useWords(administrationWords);
  const form = useWords(formWords);
  const offices = useChoices('offices');
  const { go, ...sending } = useSend({
    send: ({ until, ...body }: Schemas['GrantOffice'], key) =>
      told(
        api.POST('/api/v1/organisations/{id}/offices', {
          params: { path: { id: organisationId }, header: { 'Idempotency-Key': key } },
          body: { ...body, ...(until ? { until: midnight(until) } : {}) },
        }),
      ),
    changes: [['office-holders'], ['office-grants'], ['me']],
    onDone: onClose,
  });
  return (
    <FormDialog<Schemas['GrantOffice']> title={t.grantOffice} help={t.grantHelp} send={go} sending={sending} onClose={onClose}>
      <Form.Item name="username" label={t.username} rules={[{ required: true, message: form.needed }]}>
        <Input autoComplete="off" autoCapitalize="none" spellCheck={false} />
      </Form.Item>
      <Form.Item name="office" label={t.office} rules={[{ required: true, message: form.needed }]}>
        <Select options={offices} />
      </Form.Item>
      <DayItem name="until" label={t.until} />
    </FormDialog>
  );
}
