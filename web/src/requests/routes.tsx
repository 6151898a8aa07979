import { FileTextOutlined } from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { MenuEntry } from '../ground/menu';
import { shell } from '../ground/root';
import { requestsWords } from '../words/requests';
import { filtersOf } from './filters';

const list = createRoute({
  getParentRoute: () => shell,
  path: '/requests',
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import('./requests'), 'Requests'),
});

const request = createRoute({
  getParentRoute: () => shell,
  path: '/requests/$id',
  component: lazyRouteComponent(() => import('./request'), 'RequestPage'),
});

export const pages = [list, request] as const;

const READING = ['schoolClerk', 'schoolReviewer', 'authorityReviewer', 'authoritySupervisor', 'operator'];

export const menu: MenuEntry[] = [{ to: '/requests', icon: <FileTextOutlined />, words: requestsWords, offices: READING }];
