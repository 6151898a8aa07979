import { AlertOutlined } from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { MenuEntry } from '../ground/menu';
import { shell } from '../ground/root';
import { supervisionWords } from '../words/supervision';
import { filtersOf } from './filters';

const supervision = createRoute({
  getParentRoute: () => shell,
  path: '/supervision',
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import('./supervision'), 'Supervision'),
});

export const pages = [supervision] as const;

const REVIEWING = ['schoolReviewer', 'authorityReviewer', 'authoritySupervisor'];

export const menu: MenuEntry[] = [{ to: '/supervision', icon: <AlertOutlined />, words: supervisionWords, offices: REVIEWING }];
