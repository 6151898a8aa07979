import { HomeOutlined } from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { MenuEntry } from '../ground/menu';
import { shell } from '../ground/root';
import { deskWords } from '../words/desk';

const desk = createRoute({ getParentRoute: () => shell, path: '/', component: lazyRouteComponent(() => import('./desk'), 'Desk') });

export const pages = [desk] as const;

export const menu: MenuEntry[] = [{ to: '/', icon: <HomeOutlined />, words: deskWords }];
