import { catalogue } from './catalogue';

/** What all lists say. */
export const listWords = catalogue(
  {
    reading: '正在读取…',
    noneFound: '没有符合条件的记录',
    clear: '清除条件',
    more: '继续列出',
    end: (rows: number) => `共列出 ${rows} 条`,
  },
  {
    reading: 'Reading …',
    noneFound: 'Nothing fits',
    clear: 'Clear the filters',
    more: 'List more',
    end: (rows) => `${rows} listed`,
  },
);
