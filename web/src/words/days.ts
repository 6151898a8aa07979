import { catalogue } from './catalogue';

export const daysWords = catalogue(
  {
    overdue: '已逾期',
    dueToday: '今天到期',
    due: (day: string) => `${day}到期`,
    left: (days: number) => `还有 ${days} 个工作日`,
    days: (days: number) => `${days} 个工作日`,
    provisional: '暂定',
    provisionalWhy: '期限跨入工作日历尚未公布的年份，公布后重新计算',
  },
  {
    overdue: 'Overdue',
    dueToday: 'Due today',
    due: (day) => `Due ${day}`,
    left: (days) => `${days} working ${days === 1 ? 'day' : 'days'} left`,
    days: (days) => `${days} working ${days === 1 ? 'day' : 'days'}`,
    provisional: 'Provisional',
    provisionalWhy: 'It lies in a year whose calendar is not published, and is counted anew when it is',
  },
);
