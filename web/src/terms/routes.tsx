import { CalendarOutlined } from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { MenuEntry } from '../ground/menu';
import { shell } from '../ground/root';
import { termsWords } from '../words/terms';
import { filtersOf } from './filters';

const terms = createRoute({
  getParentRoute: () => shell,
  path: '/terms',
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import('./terms'), 'Terms'),
});

export const pages = [terms] as const;

const HANDLING = ['schoolClerk', 'schoolReviewer', 'authorityReviewer', 'authoritySupervisor'];

export const menu: MenuEntry[] = [{ to: '/terms', icon: <CalendarOutlined />, words: termsWords, offices: HANDLING }];
