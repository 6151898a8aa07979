import { TeamOutlined } from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { MenuEntry } from '../ground/menu';
import { shell } from '../ground/root';
import { administrationWords } from '../words/administration';
import { filtersOf } from './filters';

const administration = createRoute({
  getParentRoute: () => shell,
  path: '/administration',
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import('./administration'), 'Administration'),
});

export const pages = [administration] as const;

const SHOWN = ['orgAdmin', 'authoritySupervisor'];

export const menu: MenuEntry[] = [{ to: '/administration', icon: <TeamOutlined />, words: administrationWords, offices: SHOWN }];
