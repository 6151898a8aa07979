import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { returnedWithReasons } from '../cases/batches.js';
import { CaseContext } from '../cases/case-context.js';
import { readCase } from '../cases/cases.store.js';
import { calendarFor, dateOf } from '../domain/working-days.js';
import type { Caller } from '../platform/access/caller.js';
import { isoIfAny } from '../platform/clock.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import { blockerView, Problem } from '../platform/http/problem.js';
import { PolicyStore } from '../policies/policies.store.js';
import { ClerksWork } from './clerks-work.js';
import type {
  GraduationMembersPage,
  GraduationMembersQuery,
  GraduationPage,
  GraduationQuery,
  GraduationView,
  LeavingBlockerView,
} from './graduations.dto.js';
import { graduationView, GRADUATIONS, MEMBERS, ONE_GRADUATION, whyNot, type GraduationRow, type MemberRow } from './graduations.views.js';
import { judgeLeavings } from './leaving-students.js';
import { leavingSchool } from './schools.store.js';

/** What is shown of graduations: how far they are, whom they are about, and what stands in their way. */
@Injectable()
export class GraduationReading {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly context: CaseContext,
    private readonly policies: PolicyStore,
    private readonly cursors: Cursors,
    private readonly clerks: ClerksWork,
  ) {}

  list(caller: Caller, { schoolId, state, cursor, limit }: GraduationQuery): Promise<GraduationPage> {
    const list = `graduations ${schoolId ?? ''} ${state ?? ''}`;
    const [drawnUpAt = null, id = null] = this.cursors.read(list, cursor) ?? [];
    return inScope(this.db, caller, async (tx) => {
      const rows = await tx.query<GraduationRow[]>(GRADUATIONS, [schoolId ?? null, state ?? null, drawnUpAt, id, limit + 1]);
      const page = this.cursors.page(list, rows, limit, (row) => [row.drawnUpAt.toISOString(), row.id]);
      return { ...page, items: await Promise.all(page.items.map((row) => this.viewed(tx, row))) };
    });
  }

  show(caller: Caller, id: string): Promise<GraduationView> {
    return inScope(this.db, caller, (tx) => this.one(tx, id));
  }

  /** @throws Problem not-found */
  async one(tx: Transaction, id: string): Promise<GraduationView> {
    const [row] = await tx.query<GraduationRow[]>(ONE_GRADUATION, [id]);
    if (!row) throw new Problem('not-found');
    return this.viewed(tx, row);
  }

  members(caller: Caller, id: string, { state, cursor, limit }: GraduationMembersQuery): Promise<GraduationMembersPage> {
    const list = `members ${id} ${state ?? ''}`;
    const [after = null] = this.cursors.read(list, cursor) ?? [];
    return inScope(this.db, caller, async (tx) => {
      const graduation = await this.one(tx, id);
      const rows = await tx.query<MemberRow[]>(MEMBERS, [id, state ?? null, after, limit + 1]);
      const { items, nextCursor } = this.cursors.page(list, rows, limit, ({ row }) => [row]);
      const [blockers, reasons] = await Promise.all([this.inTheWay(tx, graduation, items), this.reasons(tx, graduation)]);
      return {
        nextCursor,
        items: items.map(({ effectedAt, ...one }) => ({
          ...one,
          why: whyNot(one.cause, reasons.get(one.row)),
          effectedAt: isoIfAny(effectedAt),
          blockers: blockers.get(one.studentId) ?? [],
        })),
      };
    });
  }

  /** What stands in the way of who is not submitted yet, as it is now. */
  private async inTheWay(
    tx: Transaction,
    { id, state, school: { id: schoolId }, purpose }: GraduationView,
    rows: readonly MemberRow[],
  ): Promise<ReadonlyMap<string, LeavingBlockerView[]>> {
    if (state !== 'drawnUp' || purpose !== 'class' || rows.length === 0) return new Map();
    const school = await leavingSchool(tx, schoolId);
    const policy = await this.policies.inForce(tx, school.provinceId ?? undefined, this.clerks.today());
    const judged = await judgeLeavings({ tx, deps: this.clerks.deps, school, policy, graduationId: id }, rows);
    return new Map(judged.map(({ studentId, blockers }) => [studentId, blockers.map(blockerView)]));
  }

  /** By row, why reviewers returned it. */
  private async reasons(tx: Transaction, { request }: GraduationView): Promise<ReadonlyMap<string, string | null>> {
    const loaded = request && (await readCase(tx, request.id));
    if (!loaded) return new Map();
    const returned = await returnedWithReasons(tx, this.context.cipher, loaded);
    return new Map([...returned].map(([row, { reason }]) => [row, reason]));
  }

  private async viewed(tx: Transaction, row: GraduationRow): Promise<GraduationView> {
    const today = dateOf(this.context.clock.now());
    const [policy, calendars] = await Promise.all([
      this.policies.inForce(tx, row.provinceId ?? undefined, today),
      this.context.calendar.current(tx),
    ]);
    const [holder = '', ...ladder] = row.line;
    return graduationView(row, calendarFor(calendars, { holder, ladder }), policy.graduationWorkingDays, today);
  }
}
