import { Link } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { useManyCodes } from '../ground/codes';
import { useDay, useTime } from '../ground/days';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { usePaged } from '../ground/paged';
import { ReasonDialog } from '../ground/reason-dialog';
import { useSend } from '../ground/send';
import { operationsWords } from '../words/operations';
import { HOLDS } from './filters';

type Hold = (typeof HOLDS)[number];
type Case = Schemas['ChangeRequestView'];
interface Chosen {
  one: Case;
  move: 'retry' | 'continuation';
}

/** What stands still for one reason, with its cause and what helps. */
export function StandingCases({ hold, onHold }: { hold: Hold; onHold: (hold: Hold) => void }) {
  const t = useWords(operationsWords);
  const word = useManyCodes(['holds', 'hold-causes', 'owners', 'change-kinds']);
  const time = useTime();
  const day = useDay();
  const [chosen, setChosen] = useState<Chosen>();
  const { list, rows } = usePaged<Case>({
    queryKey: ['requests', 'standing', hold],
    ask: (part, signal) => told(api.GET('/api/v1/change-requests', { params: { query: { hold, ...part } }, signal })),
  });
  return (
    <>
      <div className="filters">
        <Select<Hold>
          aria-label={t.hold}
          value={hold}
          options={HOLDS.map((one) => ({ value: one, label: word('holds', one) }))}
          popupMatchSelectWidth={false}
          style={{ minWidth: 200 }}
          onChange={onHold}
        />
      </div>
      <Listed
        label={t.cases}
        list={list}
        rows={rows}
        empty={t.noCases}
        columns={[
          {
            name: t.number,
            cell: (one) => (
              <>
                <Link to={'/requests/$id' as never} params={{ id: one.id } as never} className="figures">
                  {one.number}
                </Link>
                <div>{word('change-kinds', one.kind)}</div>
              </>
            ),
          },
          { name: t.cause, cell: ({ hold: why }) => why && (why.message ?? word('hold-causes', why.cause)) },
          { name: t.owner, cell: ({ hold: why }) => why && (why.owner ? word('owners', why.owner) : t.passes) },
          { name: t.remedy, cell: ({ hold: why }) => why?.remedy },
          {
            name: t.since,
            cell: ({ hold: why }) =>
              why && (
                <span className="figures">
                  {time(why.since)} {why.until && t.until(day(why.until))}
                </span>
              ),
          },
          {
            name: t.act,
            cell: (one) =>
              hold === 'effectParked' || hold === 'stepParked' ? (
                <Button size="small" aria-label={t.retryOne(one.number)} onClick={() => setChosen({ one, move: 'retry' })}>
                  {t.retry}
                </Button>
              ) : (
                hold === 'paused' && (
                  <Button size="small" aria-label={t.continueOne(one.number)} onClick={() => setChosen({ one, move: 'continuation' })}>
                    {t.continuation}
                  </Button>
                )
              ),
          },
        ]}
      />
      {chosen && <Move {...chosen} onClose={() => setChosen(undefined)} />}
    </>
  );
}

function Move({ one, move, onClose }: Chosen & { onClose: () => void }) {
  const t = useWords(operationsWords);
  const { go, ...sending } = useSend({
    send: (reason: string, key) => {
      const asked = { params: { path: { id: one.id }, header: { 'Idempotency-Key': key } }, body: { reason } };
      return told(
        move === 'retry'
          ? api.POST('/api/v1/change-requests/{id}/retry', asked)
          : api.POST('/api/v1/change-requests/{id}/continuation', asked),
      );
    },
    changes: [['requests'], ['request', one.id]],
    onDone: onClose,
  });
  return (
    <ReasonDialog
      title={move === 'retry' ? t.retryOne(one.number) : t.continueOne(one.number)}
      help={move === 'retry' ? t.retryHelp : t.continueHelp}
      go={go}
      sending={sending}
      onClose={onClose}
    />
  );
}
