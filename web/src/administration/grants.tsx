import { Button, Popconfirm, Space } from 'antd';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { useCodes } from '../ground/codes';
import { useTime } from '../ground/days';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { useMe } from '../ground/me';
import { usePaged } from '../ground/paged';
import { ProblemShown } from '../ground/problem';
import { ReasonDialog } from '../ground/reason-dialog';
import { useSend } from '../ground/send';
import { administrationWords } from '../words/administration';

type Grant = Schemas['OfficeGrantView'];
const CHANGES = [['office-grants'], ['office-holders'], ['me']];

/** Offices that a second administrator confirms. */
export function Grants() {
  const t = useWords(administrationWords);
  const me = useMe();
  const office = useCodes('offices');
  const time = useTime();
  const [refusing, setRefusing] = useState<Grant>();
  const { list, rows } = usePaged<Grant>({
    queryKey: ['office-grants'],
    ask: (part, signal) => told(api.GET('/api/v1/office-grants', { params: { query: part }, signal })),
  });
  const confirming = useSend({
    send: (id: string, key) =>
      told(api.POST('/api/v1/office-grants/{id}/confirmation', { params: { path: { id }, header: { 'Idempotency-Key': key } } })),
    changes: CHANGES,
  });
  const { go, ...sending } = useSend({
    send: ({ id, reason }: { id: string; reason: string }, key) =>
      told(
        api.POST('/api/v1/office-grants/{id}/refusal', {
          params: { path: { id }, header: { 'Idempotency-Key': key } },
          body: { reason },
        }),
      ),
    changes: CHANGES,
    onDone: () => setRefusing(undefined),
  });
  const moves = (one: Grant) =>
    one.state === 'pending' && (
      <Space wrap>
        {one.proposedBy.id !== me.id && (
          <Popconfirm title={t.confirmOf(one.person.displayName)} onConfirm={() => confirming.go(one.id)}>
            <Button size="small" type="primary" aria-label={t.confirmOf(one.person.displayName)}>
              {t.confirm}
            </Button>
          </Popconfirm>
        )}
        <Button size="small" aria-label={t.refuseOf(one.person.displayName)} onClick={() => setRefusing(one)}>
          {t.refuse}
        </Button>
      </Space>
    );
  return (
    <>
      {confirming.error && <ProblemShown error={confirming.error} />}
      <Listed
        label={t.grants}
        list={list}
        rows={rows}
        empty={t.noGrants}
        columns={[
          { name: t.name, cell: (one) => `${one.person.displayName}（${one.username}）` },
          { name: t.office, cell: (one) => `${one.organisation.name} ${office(one.office)}` },
          { name: t.proposedBy, cell: (one) => `${one.proposedBy.displayName} ${time(one.proposedAt)}` },
          { name: t.state, cell: (one) => t[one.state] },
          { name: t.act, cell: moves },
        ]}
      />
      {refusing && (
        <ReasonDialog
          title={t.refuseOf(refusing.person.displayName)}
          go={(reason) => go({ id: refusing.id, reason })}
          sending={sending}
          onClose={() => setRefusing(undefined)}
        />
      )}
    </>
  );
}
