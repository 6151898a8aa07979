import { DashboardOutlined } from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { MenuEntry } from '../ground/menu';
import { shell } from '../ground/root';
import { operationsWords } from '../words/operations';
import { filtersOf } from './filters';

const operations = createRoute({
  getParentRoute: () => shell,
  path: '/operations',
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import('./operations'), 'Operations'),
});

export const pages = [operations] as const;

export const menu: MenuEntry[] = [{ to: '/operations', icon: <DashboardOutlined />, words: operationsWords, offices: ['operator'] }];
