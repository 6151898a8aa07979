import { TeamOutlined } from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { MenuEntry } from '../ground/menu';
import { shell } from '../ground/root';
import { studentsWords } from '../words/students';
import { asOfOf, filtersOf } from './filters';

const list = createRoute({
  getParentRoute: () => shell,
  path: '/students',
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import('./students'), 'Students'),
});

const dossier = createRoute({
  getParentRoute: () => shell,
  path: '/students/$id',
  validateSearch: asOfOf,
  component: lazyRouteComponent(() => import('./dossier'), 'Dossier'),
});

export const pages = [list, dossier] as const;

const READING = ['schoolClerk', 'schoolReviewer', 'authorityReviewer', 'authoritySupervisor'];

export const menu: MenuEntry[] = [{ to: '/students', icon: <TeamOutlined />, words: studentsWords, offices: READING }];
