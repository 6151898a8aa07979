import { ScheduleOutlined } from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { MenuEntry } from '../ground/menu';
import { shell } from '../ground/root';
import { calendarWords } from '../words/calendar';
import { filtersOf } from './filters';

const calendar = createRoute({
  getParentRoute: () => shell,
  path: '/calendar',
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import('./calendar'), 'Calendar'),
});

export const pages = [calendar] as const;

export const menu: MenuEntry[] = [{ to: '/calendar', icon: <ScheduleOutlined />, words: calendarWords }];
