import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { inScope } from '../platform/database/in-scope.js';
import { addDays, dateOf, instantOf } from '../domain/working-days.js';
import { linesOf } from './bulletin-lines.js';
import type { BulletinQuery } from './bulletin.dto.js';
import { BULLETIN, type BulletinRow } from './bulletin.store.js';

/** The monthly bulletin 通报 of the authorities below, by province; numbers only. */
@Injectable()
export class Bulletin {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** As a workbook, or for printing. @throws Problem invalid-input for a month that has not begun */
  async file(caller: Caller, { month, format }: BulletinQuery): Promise<Buffer> {
    const orgs = organisationsOf(caller, 'authoritySupervisor', 'authorityReviewer');
    const now = this.clock.now();
    if (month > dateOf(now).slice(0, 7))
      throw new Problem('invalid-input', { errors: [{ pointer: '/month', detail: FIELD_FAULTS.notBegun }] });
    const dayAfter = `${monthAfter(month)}-01`;
    const until = instantOf(dayAfter);
    const values = [orgs, new Date(instantOf(`${month}-01`)), new Date(until), new Date(now), now < until ? null : dayAfter];
    const [rows, names] = await inScope(this.db, caller, (tx) =>
      Promise.all([
        tx.query<BulletinRow[]>(BULLETIN, values),
        tx.query<{ name: string }[]>('select name from organisation where id = any($1) order by code', [orgs]),
      ]),
    );
    const asOf = now < until ? isoInShanghai(now).slice(0, 16).replace('T', ' ') : addDays(dayAfter, -1);
    const head = { month, issuer: names.map(({ name }) => name).join('、'), asOf };
    // Loaded when first asked for: fonts and workbooks would weigh on every process.
    if (format === 'pdf') return (await import('./bulletin-pages.js')).pagesOf(head, linesOf(rows));
    return (await import('./bulletin-workbook.js')).bookOf(head, linesOf(rows));
  }
}

const monthAfter = (month: string): string => {
  const [year = 0, nth = 0] = month.split('-').map(Number);
  return nth === 12 ? `${year + 1}-01` : `${year}-${String(nth + 1).padStart(2, '0')}`;
};
