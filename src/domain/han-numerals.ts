/** Days and numbers in Chinese numerals, as certificates write them: 二〇二九年六月三十日. */
import type { PlainDate } from './working-days.js';

const DIGITS = [...'〇一二三四五六七八九'];

/** 1 to 99: 三十, 十二, 二十一. */
function hanNumber(n: number): string {
  const [tens, ones] = [Math.floor(n / 10), n % 10];
  const ten = tens === 0 ? '' : `${tens === 1 ? '' : DIGITS[tens]}十`;
  return `${ten}${ones === 0 && tens > 0 ? '' : DIGITS[ones]}`;
}

/** 二〇二九年六月 */
export function hanMonth(date: PlainDate): string {
  const [year = '', month = ''] = date.split('-');
  return `${[...year].map((digit) => DIGITS[Number(digit)]).join('')}年${hanNumber(Number(month))}月`;
}

/** 二〇二九年六月三十日 */
export const hanDay = (date: PlainDate): string => `${hanMonth(date)}${hanNumber(Number(date.slice(8)))}日`;

/** Years in halves: 三年, 两年, 两年半, 半年. */
export function hanYears(years: number): string {
  const whole = Math.floor(years);
  const half = years > whole ? '半' : '';
  if (whole === 0) return `${half}年`;
  return `${whole === 2 ? '两' : hanNumber(whole)}年${half}`;
}
