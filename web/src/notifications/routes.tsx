import { BellOutlined } from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { MenuEntry } from '../ground/menu';
import { shell } from '../ground/root';
import { notificationsWords } from '../words/notifications';
import { filtersOf } from './filters';

const notifications = createRoute({
  getParentRoute: () => shell,
  path: '/notifications',
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import('./notifications'), 'Notifications'),
});

export const pages = [notifications] as const;

export const menu: MenuEntry[] = [{ to: '/notifications', icon: <BellOutlined />, words: notificationsWords }];
