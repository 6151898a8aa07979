import { catalogue } from './catalogue';

export const deskWords = catalogue(
  {
    menu: '工作台',
    title: '工作台',
  },
  {
    menu: 'Desk',
    title: 'Desk',
  },
);
