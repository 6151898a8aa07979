import { IdcardOutlined } from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { MenuEntry } from '../ground/menu';
import { shell } from '../ground/root';
import { accountWords } from '../words/account';
import { filtersOf } from './filters';

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import('./account'), 'Account'),
});

export const pages = [account] as const;

export const menu: MenuEntry[] = [{ to: '/account', icon: <IdcardOutlined />, words: accountWords }];
