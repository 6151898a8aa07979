import { InboxOutlined } from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { MenuEntry } from '../ground/menu';
import { shell } from '../ground/root';
import { tasksWords } from '../words/tasks';
import { filtersOf } from './filters';

const inbox = createRoute({
  getParentRoute: () => shell,
  path: '/tasks',
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import('./inbox'), 'Inbox'),
});

const task = createRoute({
  getParentRoute: () => shell,
  path: '/tasks/$id',
  component: lazyRouteComponent(() => import('./task'), 'Task'),
});

export const pages = [inbox, task] as const;

const HANDLING = ['schoolClerk', 'schoolReviewer', 'authorityReviewer', 'authoritySupervisor', 'operator'];

export const menu: MenuEntry[] = [{ to: '/tasks', icon: <InboxOutlined />, words: tasksWords, offices: HANDLING }];
