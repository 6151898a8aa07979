import { Injectable, Inject } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { addDays, dateOf, instantOf, monthsLater } from '../domain/working-days.js';
import { recordExport } from '../dossier/accesses.js';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { Quotas } from '../platform/access/quotas.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, inScope } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import { SCHEMES, type EligiblePage, type EligibleQuery, type EligibleStudent } from './subsidies.dto.js';
import type { ChangedStudent, SubsidyChangesPage, SubsidyChangesQuery } from './subsidies.dto.js';
import { CHANGED_SINCE, ELIGIBLE } from './subsidies.store.js';

interface Sealed {
  readonly studentId: string;
  readonly number: Buffer;
  readonly name: Buffer;
  readonly code: string;
}
type EligibleRow = Omit<EligibleStudent, 'studentNumber' | 'name'> & Sealed;
type ChangedRow = Omit<ChangedStudent, 'studentNumber' | 'name' | 'changedAt'> &
  Sealed & { readonly enrolmentId: string; readonly changedAt: Date; readonly changedKey: string };

const NOBODY = '00000000-0000-0000-0000-000000000000';
const FIRST_MONTH_OF_YEAR = 9;

/** The feed for subsidies 资助: who is in full-time study by month, and what changed. Each page is on record for each student in it. */
@Injectable()
export class Subsidies {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly cursors: Cursors,
    private readonly quotas: Quotas,
  ) {}

  /** @throws Problem invalid-input for a month to come; daily-limit-reached */
  async eligible(caller: Caller, { month, scheme, cursor, limit }: EligibleQuery): Promise<EligiblePage> {
    const today = dateOf(this.clock.now());
    const first = `${month}-01`;
    if (first > today) throw new Problem('invalid-input', { errors: [{ pointer: '/month', detail: FIELD_FAULTS.notBegun }] });
    const [year, nth] = month.split('-').map(Number) as [number, number];
    const end = addDays(monthsLater(first, 1), -1);
    const last = end < today ? end : today;
    const earliest = String((nth >= FIRST_MONTH_OF_YEAR ? year : year - 1) - SCHEMES[scheme] + 1);
    const list = `eligible ${month} ${scheme}`;
    const after = this.cursors.read(list, cursor) ?? ['', NOBODY];
    const page = await this.disclosed<EligibleRow>(caller, ELIGIBLE, [...after, first, last, earliest], limit);
    const { items, nextCursor } = this.cursors.page(list, page, limit, ({ code, studentId }) => [code, studentId]);
    return { month, nextCursor, items: items.map((row) => this.opened(row)) };
  }

  /** @throws Problem invalid-input for a day to come; daily-limit-reached */
  async changes(caller: Caller, { since, cursor, limit }: SubsidyChangesQuery): Promise<SubsidyChangesPage> {
    if (since > dateOf(this.clock.now()))
      throw new Problem('invalid-input', { errors: [{ pointer: '/since', detail: FIELD_FAULTS.future }] });
    const from = new Date(instantOf(since));
    const list = `changes ${since}`;
    const [code = '', id = NOBODY, at = '-infinity'] = this.cursors.read(list, cursor) ?? [];
    const page = await this.disclosed<ChangedRow>(caller, CHANGED_SINCE, [code, id, from, at], limit);
    const { items, nextCursor } = this.cursors.page(list, page, limit, (row) => [row.code, row.enrolmentId, row.changedKey]);
    return {
      nextCursor,
      items: items.map(({ enrolmentId: _, changedKey: _key, changedAt, ...row }) => ({
        ...this.opened(row),
        changedAt: isoInShanghai(changedAt.getTime()),
      })),
    };
  }

  /** A page and one row more. Whom it discloses is recorded in the transaction that reads. */
  private disclosed<T extends Sealed>(caller: Caller, statement: string, values: readonly unknown[], limit: number): Promise<T[]> {
    const mine = organisationsOf(caller, 'authorityReviewer');
    return this.quotas.telling(caller, () =>
      inScope(this.db, caller, async (tx) => {
        const rows = await beyond(tx, 'subsidies', () => tx.query<T[]>(statement, [mine, ...values, limit + 1]));
        const ids = [...new Set(rows.slice(0, limit).map(({ studentId }) => studentId))];
        if (ids.length > 0) await recordExport(tx, ids, { caller, now: this.clock.now(), quotas: this.quotas });
        return rows;
      }),
    );
  }

  private opened<T extends Sealed>({ number, name, code: _, ...row }: T) {
    return {
      ...row,
      studentNumber: this.cipher.decrypt(number, `student.number:${row.studentId}`),
      name: this.cipher.decrypt(name, `student.name:${row.studentId}`),
    };
  }
}
