import { BellOutlined, MenuOutlined, UserOutlined } from '@ant-design/icons';
import { onlineManager, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { Alert, Badge, Button, Drawer, Dropdown, Grid, Menu, theme } from 'antd';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useCodes } from '../ground/codes';
import { usePreferences, useWords } from '../ground/language';
import { holds, useMe } from '../ground/me';
import { summaryQuery } from '../ground/summary';
import { shellWords } from '../words/shell';
import { signOut } from './session';
import { menu } from './slices';
import { Switches } from './switches';
import './layout.css';

/** The frame of every page: menu by offices, language and colours, notifications, account. */
export function Layout() {
  const t = useWords(shellWords);
  const isWide = Grid.useBreakpoint().lg ?? true;
  const [open, setOpen] = useState(false);
  const { token } = theme.useToken();
  const content = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const moved = useRef(false);
  useEffect(() => {
    // A screen reader goes on at the new page, and not at the link that led there.
    if (moved.current) content.current?.focus({ preventScroll: true });
    moved.current = true;
  }, [path]);
  return (
    <div className="frame" style={{ background: token.colorBgLayout }}>
      <a className="skip-link" href="#content">
        {t.skip}
      </a>
      <header className="bar" style={{ background: token.colorBgContainer, borderColor: token.colorBorderSecondary }}>
        {!isWide && <Button type="text" icon={<MenuOutlined />} aria-label={t.openMenu} onClick={() => setOpen(true)} />}
        <Link to="/" className="mark" aria-label={t.product} style={{ color: token.colorText }}>
          <img src="/mark.svg" alt="" width={26} height={26} />
          <span>{t.product}</span>
        </Link>
        <div className="bar-end">
          <Unread />
          <Switches />
          <Account />
        </div>
      </header>
      <div className="below">
        {isWide ? (
          <nav className="side" aria-label={t.menu} style={{ background: token.colorBgContainer, borderColor: token.colorBorderSecondary }}>
            <Places />
          </nav>
        ) : (
          <Drawer placement="left" open={open} onClose={() => setOpen(false)} title={t.menu} size={280} styles={{ body: { padding: 0 } }}>
            <nav aria-label={t.menu}>
              <Places onChosen={() => setOpen(false)} />
            </nav>
          </Drawer>
        )}
        <main id="content" ref={content} tabIndex={-1}>
          <Offline />
          <Outlet />
        </main>
      </div>
    </div>
  );
}

function Places({ onChosen }: { onChosen?: () => void }) {
  const { language } = usePreferences();
  const me = useMe();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const shown = menu.filter(({ offices }) => !offices || holds(me, offices));
  const here = shown.filter(({ to }) => (to === '/' ? path === '/' : `${path}/`.startsWith(`${to}/`))).at(-1)?.to;
  return (
    <Menu
      mode="inline"
      selectedKeys={here ? [here] : []}
      onClick={onChosen}
      style={{ borderInlineEnd: 0 }}
      items={shown.map(({ to, icon, words }) => ({ key: to, icon, label: <Link to={to}>{words[language].menu}</Link> }))}
    />
  );
}

function Unread() {
  const t = useWords(shellWords);
  const { data } = useQuery(summaryQuery);
  const unread = data?.unread ?? 0;
  return (
    <Link to={'/notifications' as never} aria-label={t.notifications(unread)} title={t.notifications(unread)} className="bell">
      <Badge count={unread} overflowCount={99} size="small" offset={[6, -4]}>
        <BellOutlined style={{ fontSize: 18 }} />
      </Badge>
    </Link>
  );
}

function Account() {
  const t = useWords(shellWords);
  const me = useMe();
  const office = useCodes('offices');
  const queries = useQueryClient();
  const router = useRouter();
  const isWide = Grid.useBreakpoint().md;
  const leave = async () => {
    const goOn = await signOut(queries);
    if (goOn) window.location.assign(goOn);
    else await router.navigate({ to: '/sign-in' });
  };
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          ...me.offices.map((one) => ({
            key: `${one.office} ${one.organisation.id}`,
            label: `${one.organisation.name} · ${office(one.office)}`,
            disabled: true,
          })),
          { type: 'divider' as const },
          { key: 'leave', label: t.signOut, onClick: () => void leave() },
        ],
      }}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={`${t.account} ${me.displayName}`}>
        {isWide ? me.displayName : null}
      </Button>
    </Dropdown>
  );
}

function Offline() {
  const t = useWords(shellWords);
  const isOnline = useSyncExternalStore(
    (heard) => onlineManager.subscribe(heard),
    () => onlineManager.isOnline(),
  );
  return <div role="status">{!isOnline && <Alert type="warning" showIcon banner title={t.offline} style={{ marginBottom: 12 }} />}</div>;
}
