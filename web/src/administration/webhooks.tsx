import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Popconfirm, Select, Space } from 'antd';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { useChoices, useCodes } from '../ground/codes';
import { useTime } from '../ground/days';
import { FormDialog } from '../ground/form-dialog';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { OrganisationNamed } from '../ground/organisation-named';
import { inOne, usePaged } from '../ground/paged';
import { ProblemShown } from '../ground/problem';
import { useSend } from '../ground/send';
import { administrationWords } from '../words/administration';
import { formWords } from '../words/form';
import { ShownOnce } from './shown-once';

type Webhook = Schemas['WebhookView'];
type New = Schemas['NewWebhook'];

/** Where events are sent, and what was answered. */
export function Webhooks({ organisationId }: { organisationId: string }) {
  const t = useWords(administrationWords);
  const act = useCodes('act-kinds');
  const [isAdding, setAdding] = useState(false);
  const [made, setMade] = useState<Schemas['NewWebhookView']>();
  const [logged, setLogged] = useState<Webhook>();
  const query = useQuery({ queryKey: ['webhooks'], queryFn: ({ signal }) => told(api.GET('/api/v1/webhooks', { signal })) });
  const { go, error } = useSend({
    send: ({ id, move }: { id: string; move: 'resume' | 'remove' }, key) => {
      const asked = { params: { path: { id }, header: { 'Idempotency-Key': key } } };
      return told(move === 'resume' ? api.POST('/api/v1/webhooks/{id}/resume', asked) : api.DELETE('/api/v1/webhooks/{id}', asked));
    },
    changes: [['webhooks']],
  });
  if (logged) return <Log webhook={logged} onClose={() => setLogged(undefined)} />;
  const states = { active: t.webhookActive, paused: t.webhookPaused, suspended: t.webhookSuspended, removed: t.webhookRemoved } as const;
  return (
    <>
      <div className="filters">
        <Button onClick={() => setAdding(true)}>{t.addWebhook}</Button>
      </div>
      {error && <ProblemShown error={error} />}
      <Listed
        label={t.webhooks}
        list={inOne(query)}
        rows={query.data ?? []}
        empty={t.noWebhooks}
        columns={[
          { name: t.url, cell: ({ url }) => url },
          { name: t.organisation, cell: (one) => <OrganisationNamed id={one.organisationId} /> },
          { name: t.kinds, cell: ({ kinds }) => kinds?.map(act).join('、') ?? t.allKinds },
          { name: t.state, cell: ({ state }) => states[state] },
          { name: t.attempts, cell: ({ attempts }) => <span className="figures">{attempts}</span> },
          {
            name: t.act,
            cell: (one) => (
              <Space wrap>
                <Button size="small" aria-label={`${t.log} ${one.url}`} onClick={() => setLogged(one)}>
                  {t.log}
                </Button>
                {one.state === 'suspended' && (
                  <Button size="small" onClick={() => go({ id: one.id, move: 'resume' })}>
                    {t.resume}
                  </Button>
                )}
                {one.state !== 'removed' && (
                  <Popconfirm title={t.removeHelp} onConfirm={() => go({ id: one.id, move: 'remove' })}>
                    <Button size="small" aria-label={`${t.remove} ${one.url}`}>
                      {t.remove}
                    </Button>
                  </Popconfirm>
                )}
              </Space>
            ),
          },
        ]}
      />
      {isAdding && <Add organisationId={organisationId} onClose={() => setAdding(false)} onMade={setMade} />}
      {made && (
        <ShownOnce
          title={t.secret}
          secret={made.secret}
          help={t.secretHelp}
          shownBefore={t.secretShown}
          onClose={() => setMade(undefined)}
        />
      )}
    </>
  );
}

function Add({
  organisationId,
  onClose,
  onMade,
}: {
  organisationId: string;
  onClose: () => void;
  onMade: (made: Schemas['NewWebhookView']) => void;
}) {
  const t = useWords(administrationWords);
  const form = useWords(formWords);
  const kinds = useChoices('act-kinds');
  const { go, ...sending } = useSend({
    send: ({ url, kinds: chosen }: Omit<New, 'organisationId'>, key) =>
      told(
        api.POST('/api/v1/webhooks', {
          params: { header: { 'Idempotency-Key': key } },
          body: { organisationId, url, ...(chosen && chosen.length > 0 ? { kinds: chosen } : {}) },
        }),
      ),
    changes: [['webhooks']],
    onDone: (answer) => {
      onClose();
      onMade(answer);
    },
  });
  return (
    <FormDialog<Omit<New, 'organisationId'>> title={t.addWebhook} help={t.webhookHelp} send={go} sending={sending} onClose={onClose}>
      <Form.Item
        name="url"
        label={t.url}
        rules={[
          { required: true, message: form.needed },
          { pattern: /^https?:\/\//, message: t.urlWrong },
        ]}
      >
        <Input inputMode="url" autoComplete="off" spellCheck={false} />
      </Form.Item>
      <Form.Item name="kinds" label={t.kinds}>
        <Select mode="multiple" placeholder={t.allKinds} options={kinds} />
      </Form.Item>
    </FormDialog>
  );
}

function Log({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const t = useWords(administrationWords);
  const time = useTime();
  const { list, rows } = usePaged<Schemas['DeliveryView']>({
    queryKey: ['webhooks', webhook.id, 'deliveries'],
    ask: (part, signal) => told(api.GET('/api/v1/webhooks/{id}/deliveries', { params: { path: { id: webhook.id }, query: part }, signal })),
  });
  return (
    <>
      <div className="filters">
        <Button onClick={onClose}>{t.back}</Button>
        <span>{webhook.url}</span>
      </div>
      <Listed
        label={t.log}
        list={list}
        rows={rows.map((one) => ({ ...one, id: `${one.eventId} ${one.attempt}` }))}
        empty={t.noDeliveries}
        columns={[
          { name: t.at, cell: ({ at }) => <span className="figures">{time(at)}</span> },
          { name: t.event, cell: ({ eventId, attempt }) => `${eventId} ${t.attempt(attempt)}` },
          { name: t.answer, cell: ({ status, failure }) => status ?? failure },
          { name: t.took, cell: ({ milliseconds }) => <span className="figures">{t.milliseconds(milliseconds)}</span> },
        ]}
      />
    </>
  );
}
