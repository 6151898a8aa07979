import ExcelJS from 'exceljs';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { organisationsOf, type Caller } from '../access/caller.js';
import { Problem } from '../api/problem.js';
import { CLOCK, type Clock } from '../clock.js';
import { lookUp } from '../database/in-scope.js';
import { dateOf, instantOf } from '../domain/working-days.js';
import { BULLETIN, type BulletinRow } from './bulletin.sql.js';

const COLUMNS: readonly { key: keyof BulletinRow; zh: string; en: string; width: number }[] = [
  { key: 'province', zh: '省份', en: 'province', width: 22 },
  { key: 'authority', zh: '主管部门', en: 'authority', width: 30 },
  { key: 'code', zh: '代码', en: 'code', width: 14 },
  { key: 'filed', zh: '受理', en: 'filed', width: 10 },
  { key: 'approved', zh: '办结同意', en: 'approved', width: 14 },
  { key: 'otherwise', zh: '其他办结', en: 'closed otherwise', width: 18 },
  { key: 'decidedLate', zh: '逾期办理', en: 'decided late', width: 16 },
  { key: 'stillOverdue', zh: '逾期未办', en: 'still overdue', width: 16 },
];
const SUMMED = COLUMNS.slice(3).map(({ key }) => key);

/** The monthly bulletin 通报 of the authorities below, by province; numbers only. */
@Injectable()
export class Bulletin {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws Problem not-your-office, and invalid-input for a month that has not begun */
  async workbook(caller: Caller, month: string): Promise<Buffer> {
    const orgs = organisationsOf(caller, 'authoritySupervisor', 'authorityReviewer');
    if (orgs.length === 0) throw new Problem('not-your-office');
    const now = this.clock.now();
    if (month > dateOf(now).slice(0, 7)) throw new Problem('invalid-input', { errors: [{ pointer: '/month', detail: 'has not begun' }] });
    const [from, until] = [instantOf(`${month}-01`), instantOf(`${monthAfter(month)}-01`)];
    const values = [orgs, new Date(from), new Date(until), new Date(Math.min(now, until))];
    return bookOf(month, await lookUp<BulletinRow>(this.db, caller, BULLETIN, values));
  }
}

const monthAfter = (month: string): string => {
  const [year = 0, nth = 0] = month.split('-').map(Number);
  return nth === 12 ? `${year + 1}-01` : `${year}-${String(nth + 1).padStart(2, '0')}`;
};

async function bookOf(month: string, rows: readonly BulletinRow[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const page = book.addWorksheet(`${month} 通报`, { views: [{ state: 'frozen', ySplit: 1 }] });
  page.columns = COLUMNS.map(({ key, zh, en, width }) => ({ key, header: `${zh} ${en}`, width }));
  page.getRow(1).font = { bold: true };
  for (const province of new Set(rows.map((row) => row.province))) {
    const its = rows.filter((row) => row.province === province);
    page.addRows(its);
    const sums = Object.fromEntries(SUMMED.map((key) => [key, its.reduce((sum, row) => sum + Number(row[key]), 0)]));
    page.addRow({ province, authority: '合计 total', ...sums }).font = { bold: true };
  }
  return Buffer.from(await book.xlsx.writeBuffer());
}
