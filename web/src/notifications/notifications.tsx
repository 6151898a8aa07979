import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, theme } from 'antd';
import { api, told, type Schemas } from '../ground/api';
import { useCodes } from '../ground/codes';
import { useTime } from '../ground/days';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { Page } from '../ground/page';
import { usePaged } from '../ground/paged';
import { ProblemShown } from '../ground/problem';
import { useSend } from '../ground/send';
import { Views } from '../ground/views';
import { notificationsWords } from '../words/notifications';
import { VIEWS } from './filters';
import { Preferences } from './preferences';

const route = getRouteApi('/shell/notifications');

type Notification = Schemas['NotificationView'];

/** What one was told, the latest first, and what one wants to be told. */
export function Notifications() {
  const t = useWords(notificationsWords);
  const { view = 'all' } = route.useSearch();
  const marking = useSend({
    send: (body: Schemas['ReadNotifications']) => told(api.POST('/api/v1/notifications/read', { body })),
    changes: [['notifications'], ['summary']],
  });
  return (
    <Page
      title={t.title}
      extra={
        view !== 'preferences' && (
          <Button loading={marking.isPending} onClick={() => marking.go({ all: true })}>
            {t.markAll}
          </Button>
        )
      }
    >
      <Views label={t.views} value={view} views={VIEWS} words={t} />
      {marking.error && <ProblemShown error={marking.error} />}
      {view === 'preferences' ? <Preferences /> : <List unreadOnly={view === 'unread'} onRead={(id) => marking.go({ ids: [id] })} />}
    </Page>
  );
}

function List({ unreadOnly, onRead }: { unreadOnly: boolean; onRead: (id: string) => void }) {
  const t = useWords(notificationsWords);
  const time = useTime();
  const { token } = theme.useToken();
  const only = unreadOnly ? { unread: true } : {};
  const { list, rows } = usePaged<Notification>({
    queryKey: ['notifications', only],
    ask: (part, signal) => told(api.GET('/api/v1/notifications', { params: { query: { ...only, ...part } }, signal })),
  });
  return (
    <Listed
      label={t.list}
      list={list}
      rows={rows}
      empty={unreadOnly ? t.noneUnread : t.none}
      columns={[
        { name: t.what, cell: (one) => <What of={one} onRead={onRead} /> },
        { name: t.organisation, cell: ({ organisation }) => organisation?.name },
        { name: t.at, cell: ({ at }) => <span className="figures">{time(at)}</span> },
        {
          name: t.act,
          cell: ({ id, read, title }) =>
            read ? (
              <span style={{ color: token.colorTextSecondary }}>{t.isRead}</span>
            ) : (
              <Button size="small" aria-label={t.markOne(title)} onClick={() => onRead(id)}>
                {t.markRead}
              </Button>
            ),
        },
      ]}
    />
  );
}

/** Where the matter itself is found. */
function placeOf(
  one: Notification,
): { to: string; params?: object; search?: object; word: keyof typeof notificationsWords.zh } | undefined {
  if (one.taskId) return { to: '/tasks/$id', params: { id: one.taskId }, word: 'openTask' };
  if (one.requestId) return { to: '/requests/$id', params: { id: one.requestId }, word: 'openRequest' };
  if (one.studentId) return { to: '/students/$id', params: { id: one.studentId }, word: 'openStudent' };
  if (one.term) return { to: '/terms', search: { schoolId: one.term.school.id, term: one.term.term }, word: 'openTerm' };
  if (one.proxyId) return { to: '/account', search: { view: 'proxies' }, word: 'openProxy' };
  return undefined;
}

function What({ of: one, onRead }: { of: Notification; onRead: (id: string) => void }) {
  const t = useWords(notificationsWords);
  const kind = useCodes('change-kinds');
  const { token } = theme.useToken();
  const place = placeOf(one);
  return (
    <>
      <div>
        {!one.read && <span className="only-heard">{t.isUnread} </span>}
        {one.read ? one.title : <strong>{one.title}</strong>}
      </div>
      <div>
        {one.requestKind && kind(one.requestKind)} {one.number && <span className="figures">{one.number}</span>}
        {one.term && `${one.term.school.name} ${one.term.term} ${t.unregistered(one.term.unregistered)}`}
      </div>
      {one.hold?.message && <div>{one.hold.message}</div>}
      {one.hold?.remedy && <div style={{ color: token.colorTextSecondary }}>{t.remedy(one.hold.remedy)}</div>}
      {place && (
        <Link
          to={place.to as never}
          params={(place.params ?? {}) as never}
          search={(place.search ?? {}) as never}
          aria-label={`${t[place.word as 'openTask']} ${one.number ?? ''}`.trim()}
          onClick={() => {
            if (!one.read) onRead(one.id);
          }}
        >
          {t[place.word as 'openTask']}
        </Link>
      )}
    </>
  );
}
