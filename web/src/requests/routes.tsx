import { FileAddOutlined, FileTextOutlined } from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { MenuEntry } from '../ground/menu';
import { shell } from '../ground/root';
import { filingWords } from '../words/filing';
import { requestsWords } from '../words/requests';
import { filtersOf } from './filters';

const list = createRoute({
  getParentRoute: () => shell,
  path: '/requests',
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import('./requests'), 'Requests'),
});

const ID = /^[\da-f-]{36}$/;

const file = createRoute({
  getParentRoute: () => shell,
  path: '/requests/file',
  // The dossier leads here with its id, which says nothing of the person.
  validateSearch: ({ student }: Record<string, unknown>): { student?: string | undefined } => ({
    student: typeof student === 'string' && ID.test(student) ? student : undefined,
  }),
  component: lazyRouteComponent(() => import('./file'), 'FileRequest'),
});

const request = createRoute({
  getParentRoute: () => shell,
  path: '/requests/$id',
  component: lazyRouteComponent(() => import('./request'), 'RequestPage'),
});

export const pages = [list, file, request] as const;

const READING = ['schoolClerk', 'schoolReviewer', 'authorityReviewer', 'authoritySupervisor', 'operator'];

export const menu: MenuEntry[] = [
  { to: '/requests', icon: <FileTextOutlined />, words: requestsWords, offices: READING },
  { to: '/requests/file', icon: <FileAddOutlined />, words: filingWords, offices: ['schoolClerk'] },
];
