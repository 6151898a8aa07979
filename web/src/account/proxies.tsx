import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select, Tag } from 'antd';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { useChoices, useManyCodes } from '../ground/codes';
import { DayItem } from '../ground/day-item';
import { useTime } from '../ground/days';
import { FormDialog } from '../ground/form-dialog';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { useMe } from '../ground/me';
import { inOne } from '../ground/paged';
import { ReasonDialog } from '../ground/reason-dialog';
import { useSend } from '../ground/send';
import { accountWords } from '../words/account';

type Proxy = Schemas['ProxyView'];
type Grant = Schemas['GrantProxy'];

const IN = ['schoolReviewer', 'authorityReviewer'];
/** Days begin at midnight in Beijing. */
const midnight = (day: string): string => `${day}T00:00:00+08:00`;

/** Who stands in for the caller, and for whom the caller stands in. */
export function Proxies() {
  const t = useWords(accountWords);
  const me = useMe();
  const time = useTime();
  const word = useManyCodes(['offices', 'change-kinds']);
  const [isGranting, setGranting] = useState(false);
  const [ending, setEnding] = useState<Proxy>();
  const query = useQuery({
    queryKey: ['proxies'],
    queryFn: ({ signal }) => told(api.GET('/api/v1/me/proxies', { signal })),
  });
  const { go, ...sending } = useSend({
    send: ({ id, reason }: { id: string; reason: string }, key) =>
      told(api.POST('/api/v1/me/proxies/{id}/end', { params: { path: { id }, header: { 'Idempotency-Key': key } }, body: { reason } })),
    changes: [['proxies']],
    onDone: () => setEnding(undefined),
  });
  const mayGrant = me.offices.some(({ office }) => IN.includes(office));
  const now = new Date().toISOString();
  const isLive = ({ endedAt, until }: Proxy) => !endedAt && new Date(until).toISOString() > now;
  const state = (one: Proxy) =>
    one.endedAt ? t.stopped : !isLive(one) ? t.over : new Date(one.from).toISOString() > now ? t.coming : t.running;
  return (
    <>
      {mayGrant && (
        <div className="filters">
          <Button onClick={() => setGranting(true)}>{t.grant}</Button>
        </div>
      )}
      <Listed
        label={t.proxies}
        list={inOne(query)}
        rows={query.data?.items ?? []}
        empty={t.noProxies}
        columns={[
          { name: t.principal, cell: ({ principal }) => principal.displayName },
          { name: t.proxy, cell: ({ proxy }) => proxy.displayName },
          {
            name: t.office,
            cell: (one) => (
              <>
                {one.organisation.name} {word('offices', one.office)}
                <div>{one.kinds ? one.kinds.map((kind) => word('change-kinds', kind)).join('、') : t.allKinds}</div>
              </>
            ),
          },
          { name: t.from, cell: ({ from }) => <span className="figures">{time(from)}</span> },
          { name: t.until, cell: ({ until }) => <span className="figures">{time(until)}</span> },
          { name: t.state, cell: (one) => <Tag>{state(one)}</Tag> },
          {
            name: t.act,
            cell: (one) =>
              isLive(one) &&
              one.principal.id === me.id && (
                <Button size="small" aria-label={`${t.endProxy} ${one.proxy.displayName}`} onClick={() => setEnding(one)}>
                  {t.end}
                </Button>
              ),
          },
        ]}
      />
      {isGranting && <GrantDialog onClose={() => setGranting(false)} />}
      {ending && (
        <ReasonDialog
          title={t.endProxy}
          go={(reason) => go({ id: ending.id, reason })}
          sending={sending}
          onClose={() => setEnding(undefined)}
        />
      )}
    </>
  );
}

interface Typed {
  at: string;
  username: string;
  from?: string;
  until: string;
  kinds?: Grant['kinds'];
  reason: string;
}

function GrantDialog({ onClose }: { onClose: () => void }) {
  const t = useWords(accountWords);
  const me = useMe();
  const office = useManyCodes(['offices']);
  const kinds = useChoices('change-kinds');
  const held = me.offices.filter((one) => IN.includes(one.office));
  const [at, setAt] = useState(0);
  const organisationId = held[at]?.organisation.id;
  const colleagues = useQuery({
    queryKey: ['office-holders', organisationId],
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/organisations/{id}/offices', { params: { path: { id: organisationId ?? '' } }, signal })),
    enabled: organisationId !== undefined,
  });
  const { go, ...sending } = useSend({
    send: (body: Grant, key) => told(api.POST('/api/v1/me/proxies', { params: { header: { 'Idempotency-Key': key } }, body })),
    changes: [['proxies']],
    onDone: onClose,
  });
  const send = ({ username, from, until, kinds: chosen, reason }: Typed) => {
    const own = held[at];
    if (!own) return;
    go({
      username,
      reason,
      office: own.office as Grant['office'],
      organisationId: own.organisation.id,
      until: midnight(until),
      ...(from ? { from: midnight(from) } : {}),
      ...(chosen && chosen.length > 0 ? { kinds: chosen } : {}),
    });
  };
  const people = new Map(
    (colleagues.data ?? [])
      .filter((one) => one.personId !== me.id && one.office !== 'orgAdmin' && !one.pendingUntil)
      .map((one) => [one.username, `${one.displayName}（${office('offices', one.office)}）`]),
  );
  return (
    <FormDialog<Typed> title={t.grant} help={t.grantHelp} send={send} sending={sending} onClose={onClose}>
      {held.length > 1 && (
        <Form.Item label={t.office}>
          <Select
            aria-label={t.office}
            value={at}
            onChange={setAt}
            options={held.map((one, nth) => ({ value: nth, label: `${one.organisation.name} ${office('offices', one.office)}` }))}
          />
        </Form.Item>
      )}
      <Form.Item name="username" label={t.person} rules={[{ required: true, message: t.needed }]}>
        <Select options={[...people].map(([value, label]) => ({ value, label }))} />
      </Form.Item>
      <DayItem name="from" label={t.from} help={t.fromHelp} />
      <DayItem name="until" label={t.until} help={t.untilHelp} required />
      <Form.Item name="kinds" label={t.kinds}>
        <Select mode="multiple" placeholder={t.allKinds} options={kinds} />
      </Form.Item>
      <Form.Item name="reason" label={t.reason} rules={[{ required: true, message: t.needed }]}>
        <Input.TextArea rows={2} maxLength={200} />
      </Form.Item>
    </FormDialog>
  );
}
