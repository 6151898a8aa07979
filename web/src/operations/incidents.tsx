import { CheckCircleOutlined, ExclamationCircleFilled, QuestionCircleOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button, Form, Input, Segmented } from 'antd';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { useCodes } from '../ground/codes';
import { useTime } from '../ground/days';
import { FormDialog } from '../ground/form-dialog';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { usePaged } from '../ground/paged';
import { useSend } from '../ground/send';
import { formWords } from '../words/form';
import { operationsWords } from '../words/operations';
import { ACKNOWLEDGED } from './filters';

type Incident = Schemas['IncidentView'];
type Which = (typeof ACKNOWLEDGED)[number];

/** What happened to processes and files from outside. */
export function Incidents({ acknowledged, onAcknowledged }: { acknowledged: Which; onAcknowledged: (which: Which) => void }) {
  const t = useWords(operationsWords);
  const kind = useCodes('change-kinds');
  const time = useTime();
  const [chosen, setChosen] = useState<Incident>();
  const only = acknowledged === 'all' ? {} : { acknowledged: acknowledged === 'yes' };
  const { list, rows } = usePaged<Incident>({
    queryKey: ['incidents', only],
    ask: (part, signal) => told(api.GET('/api/v1/operations/incidents', { params: { query: { ...only, ...part } }, signal })),
  });
  const found = (one: Incident) => (one.found === 'unknown' ? t.unknownRun : t[one.found]);
  const words = { no: t.unacknowledged, yes: t.acknowledged, all: t.allIncidents } as const;
  return (
    <>
      <div className="filters">
        <Segmented<Which>
          aria-label={t.incidents}
          value={acknowledged}
          options={ACKNOWLEDGED.map((one) => ({ value: one, label: words[one] }))}
          onChange={onAcknowledged}
        />
      </div>
      <Listed
        label={t.incidents}
        list={list}
        rows={rows.map((one) => ({ ...one, id: `${one.about} ${one.runId} ${one.found}` }))}
        empty={t.noIncidents}
        columns={[
          {
            name: t.found,
            cell: (one) => (
              <>
                {found(one)}
                {one.endedBy && <div>{t.endedBy(one.endedBy)}</div>}
                {one.reason && <div>{t.reason(one.reason)}</div>}
              </>
            ),
          },
          {
            name: t.about,
            cell: (one) =>
              one.requestId ? (
                <>
                  <Link to={'/requests/$id' as never} params={{ id: one.requestId } as never} className="figures">
                    {one.number}
                  </Link>
                  <div>{one.kind && kind(one.kind)}</div>
                </>
              ) : (
                <code>{one.about}</code>
              ),
          },
          { name: t.at, cell: (one) => <span className="figures">{time(one.since ?? one.at)}</span> },
          { name: t.state, cell: (one) => <Over over={one.over} /> },
          {
            name: t.act,
            cell: (one) =>
              one.acknowledgedAt ? (
                <>
                  {t.by(one.acknowledgedBy?.displayName ?? '', time(one.acknowledgedAt))}
                  <div>{one.note}</div>
                </>
              ) : (
                <Button size="small" aria-label={t.acknowledgeOne(one.number ?? found(one))} onClick={() => setChosen(one)}>
                  {t.acknowledge}
                </Button>
              ),
          },
        ]}
      />
      {chosen && <Acknowledge incident={chosen} title={t.acknowledgeOne(found(chosen))} onClose={() => setChosen(undefined)} />}
    </>
  );
}

function Over({ over }: { over: boolean | null }) {
  const t = useWords(operationsWords);
  if (over === null)
    return (
      <>
        <QuestionCircleOutlined aria-hidden /> {t.unknown}
      </>
    );
  return over ? (
    <>
      <CheckCircleOutlined aria-hidden /> {t.over}
    </>
  ) : (
    <>
      <ExclamationCircleFilled aria-hidden /> {t.notOver}
    </>
  );
}

function Acknowledge({ incident, title, onClose }: { incident: Incident; title: string; onClose: () => void }) {
  const t = useWords(operationsWords);
  const form = useWords(formWords);
  const { go, ...sending } = useSend({
    send: ({ note }: { note: string }) =>
      told(api.POST('/api/v1/operations/incidents/acknowledgement', { body: { about: incident.about, runId: incident.runId, note } })),
    changes: [['incidents']],
    onDone: onClose,
  });
  return (
    <FormDialog<{ note: string }> title={title} help={t.acknowledgeHelp} send={go} sending={sending} onClose={onClose}>
      <Form.Item name="note" label={t.note} rules={[{ required: true, message: form.needed }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDialog>
  );
}
