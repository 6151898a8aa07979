import { Button, Form, Input, Space, Tag } from 'antd';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { useTime } from '../ground/days';
import { FormDialog } from '../ground/form-dialog';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { usePaged } from '../ground/paged';
import { ReasonDialog } from '../ground/reason-dialog';
import { useSend } from '../ground/send';
import { administrationWords } from '../words/administration';
import { formWords } from '../words/form';
import { ShownOnce } from './shown-once';

type Person = Schemas['PersonView'];
type Entered = Schemas['EnteredPerson'];
type Move = 'password-reset' | 'disabling' | 'enabling';

/** The accounts of an organisation. */
export function People({ organisationId }: { organisationId: string }) {
  const t = useWords(administrationWords);
  const time = useTime();
  const [isAdding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<{ person: Person; move: Move }>();
  const [entered, setEntered] = useState<Entered>();
  const { list, rows } = usePaged<Person>({
    queryKey: ['people', organisationId],
    ask: (part, signal) =>
      told(api.GET('/api/v1/organisations/{id}/people', { params: { path: { id: organisationId }, query: part }, signal })),
  });
  const state = ({ disabledAt, oneTimePasswordUntil }: Person) => {
    if (disabledAt) return <Tag>{t.disabled}</Tag>;
    return oneTimePasswordUntil ? t.oneTime(time(oneTimePasswordUntil)) : t.active;
  };
  return (
    <>
      <div className="filters">
        <Button onClick={() => setAdding(true)}>{t.addPerson}</Button>
      </div>
      <Listed
        label={t.people}
        list={list}
        rows={rows}
        empty={t.noPeople}
        columns={[
          { name: t.name, cell: ({ displayName }) => displayName },
          { name: t.username, cell: ({ username }) => username },
          { name: t.state, cell: state },
          {
            name: t.act,
            cell: (person) => (
              <Space wrap>
                <Button
                  size="small"
                  aria-label={t.resetOf(person.displayName)}
                  onClick={() => setChosen({ person, move: 'password-reset' })}
                >
                  {t.resetPassword}
                </Button>
                {person.disabledAt ? (
                  <Button size="small" aria-label={t.enableOf(person.displayName)} onClick={() => setChosen({ person, move: 'enabling' })}>
                    {t.enable}
                  </Button>
                ) : (
                  <Button
                    size="small"
                    aria-label={t.disableOf(person.displayName)}
                    onClick={() => setChosen({ person, move: 'disabling' })}
                  >
                    {t.disable}
                  </Button>
                )}
              </Space>
            ),
          },
        ]}
      />
      {isAdding && <Add organisationId={organisationId} onClose={() => setAdding(false)} onEntered={setEntered} />}
      {chosen && <Moved {...chosen} onClose={() => setChosen(undefined)} onEntered={setEntered} />}
      {entered && (
        <ShownOnce
          title={`${t.passwordOnce}：${entered.username}`}
          secret={entered.oneTimePassword}
          help={t.passwordOnceHelp}
          shownBefore={t.shownBefore}
          onClose={() => setEntered(undefined)}
        />
      )}
    </>
  );
}

interface Shown {
  onClose: () => void;
  onEntered: (entered: Entered) => void;
}

function Add({ organisationId, onClose, onEntered }: Shown & { organisationId: string }) {
  const t = useWords(administrationWords);
  const form = useWords(formWords);
  const { go, ...sending } = useSend({
    send: (body: Schemas['NewPerson'], key) =>
      told(
        api.POST('/api/v1/organisations/{id}/people', {
          params: { path: { id: organisationId }, header: { 'Idempotency-Key': key } },
          body,
        }),
      ),
    changes: [['people']],
    onDone: (answer) => {
      onClose();
      onEntered(answer);
    },
  });
  return (
    <FormDialog<Schemas['NewPerson']> title={t.addPerson} help={t.addPersonHelp} send={go} sending={sending} onClose={onClose}>
      <Form.Item name="displayName" label={t.name} rules={[{ required: true, message: form.needed }]}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="username" label={t.username} extra={t.usernameHelp} rules={[{ required: true, message: form.needed }]}>
        <Input autoComplete="off" autoCapitalize="none" spellCheck={false} />
      </Form.Item>
    </FormDialog>
  );
}

function Moved({ person, move, onClose, onEntered }: Shown & { person: Person; move: Move }) {
  const t = useWords(administrationWords);
  const { go, ...sending } = useSend<string, Person | Entered>({
    send: (reason, key) => {
      const asked = { params: { path: { id: person.id }, header: { 'Idempotency-Key': key } }, body: { reason } };
      if (move === 'password-reset') return told<Entered>(api.POST('/api/v1/people/{id}/password-reset', asked));
      return move === 'disabling'
        ? told<Person>(api.POST('/api/v1/people/{id}/disabling', asked))
        : told<Person>(api.POST('/api/v1/people/{id}/enabling', asked));
    },
    changes: [['people']],
    onDone: (answer) => {
      onClose();
      if ('oneTimePassword' in answer) onEntered(answer);
    },
  });
  const title = { 'password-reset': t.resetOf, disabling: t.disableOf, enabling: t.enableOf }[move](person.displayName);
  return (
    <ReasonDialog title={title} {...(move === 'password-reset' ? { help: t.resetHelp } : {})} go={go} sending={sending} onClose={onClose} />
  );
}
