import type { BulletinRow } from './bulletin.store.js';

/** The columns of a bulletin 通报. From the fourth on they are figures. */
export const BULLETIN_COLUMNS: readonly { key: keyof BulletinRow; zh: string; en: string; width: number }[] = [
  { key: 'province', zh: '省份', en: 'province', width: 22 },
  { key: 'authority', zh: '学籍主管部门', en: 'authority', width: 30 },
  { key: 'code', zh: '代码', en: 'code', width: 14 },
  { key: 'filed', zh: '发起', en: 'filed', width: 10 },
  { key: 'approved', zh: '办结同意', en: 'approved', width: 14 },
  { key: 'otherwise', zh: '其他办结', en: 'closed otherwise', width: 18 },
  { key: 'decidedLate', zh: '逾期办理', en: 'decided late', width: 16 },
  { key: 'stillOverdue', zh: '逾期未办', en: 'still overdue', width: 16 },
];
const SUMMED = BULLETIN_COLUMNS.slice(3).map(({ key }) => key);

/** A line as it is written: an authority, or the sums of a province. */
export interface BulletinLine {
  readonly total: boolean;
  readonly cells: Partial<BulletinRow>;
}

/** Who has it made, and as of when its figures are. */
export interface BulletinHeading {
  readonly month: string;
  readonly issuer: string;
  readonly asOf: string;
}

export const bulletinTitle = ({ month }: BulletinHeading): string =>
  `${month.slice(0, 4)}年${Number(month.slice(5))}月学籍异动办理情况通报`;
export const bulletinSubtitle = ({ month, issuer, asOf }: BulletinHeading): string =>
  `Monthly bulletin, ${month} · 编制 by ${issuer} · 截至 as of ${asOf}`;

/**
 * Each province's authorities and their sums, and the sum of all where there are several: what every format of the bulletin writes. What
 * was not counted stays empty, in its sums too.
 */
export function linesOf(rows: readonly BulletinRow[]): BulletinLine[] {
  const provinces = [...new Set(rows.map((row) => row.province))];
  const lines = provinces.flatMap((province) => {
    const its = rows.filter((row) => row.province === province);
    return [...its.map((cells) => ({ total: false, cells })), { total: true, cells: totalOf(province, its) }];
  });
  return provinces.length > 1 ? [...lines, { total: true, cells: totalOf('全部 all', rows) }] : lines;
}

function totalOf(province: string, its: readonly BulletinRow[]): Partial<BulletinRow> {
  const sum = (key: keyof BulletinRow): number | null =>
    its.some((row) => row[key] === null) ? null : its.reduce((so, row) => so + Number(row[key]), 0);
  return { province, authority: '合计 total', ...Object.fromEntries(SUMMED.map((key) => [key, sum(key)])) };
}

export const cellsOf = ({ cells }: BulletinLine): (string | number | null | undefined)[] => BULLETIN_COLUMNS.map(({ key }) => cells[key]);
