import { useQuery } from '@tanstack/react-query';
import { App, Button, Popconfirm, Tag } from 'antd';
import { api, told, type Schemas } from '../ground/api';
import { useTime } from '../ground/days';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { inOne } from '../ground/paged';
import { ProblemShown } from '../ground/problem';
import { useSend } from '../ground/send';
import { accountWords } from '../words/account';

type Session = Schemas['OwnSessionView'];

const PROGRAMS: Readonly<Record<string, string>> = { chrome: 'Chrome', edge: 'Edge', firefox: 'Firefox', qq: 'QQ', safari: 'Safari' };

/** Where one is signed in. What one does not know, one ends. */
export function Sessions() {
  const t = useWords(accountWords);
  const time = useTime();
  const { message } = App.useApp();
  const query = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => told(api.GET('/api/v1/me/sessions', { signal })),
  });
  const ending = useSend({
    send: (id: string) => told(api.DELETE('/api/v1/me/sessions/{id}', { params: { path: { id } } })),
    changes: [['sessions']],
    onDone: () => message.success(t.ended(1)),
  });
  const endingOthers = useSend({
    send: (which: 'others') => told(api.DELETE('/api/v1/me/sessions', { params: { query: { which } } })),
    changes: [['sessions']],
    onDone: ({ ended }) => message.success(t.ended(ended)),
  });
  const program = ({ client }: Session) => PROGRAMS[client] ?? (client === 'program' ? t.program : t.other);
  const rows = query.data?.items ?? [];
  return (
    <>
      <div className="filters">
        <Popconfirm title={t.endOthersHelp} onConfirm={() => endingOthers.go('others')}>
          <Button disabled={rows.length < 2} loading={endingOthers.isPending}>
            {t.endOthers}
          </Button>
        </Popconfirm>
      </div>
      {(ending.error ?? endingOthers.error) && <ProblemShown error={ending.error ?? endingOthers.error} />}
      <Listed
        label={t.sessions}
        list={inOne(query)}
        rows={rows}
        empty={t.noSessions}
        columns={[
          {
            name: t.client,
            cell: (one) => (
              <>
                {program(one)} {one.current && <Tag>{t.here}</Tag>}
              </>
            ),
          },
          { name: t.signedIn, cell: ({ createdAt }) => <span className="figures">{time(createdAt)}</span> },
          { name: t.used, cell: ({ usedAt }) => <span className="figures">{time(usedAt)}</span> },
          { name: t.expires, cell: ({ expiresAt }) => <span className="figures">{time(expiresAt)}</span> },
          {
            name: t.act,
            cell: (one) =>
              !one.current && (
                <Button size="small" aria-label={t.endOne(program(one), time(one.createdAt))} onClick={() => ending.go(one.id)}>
                  {t.end}
                </Button>
              ),
          },
        ]}
      />
    </>
  );
}
