import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem, problemView } from '../platform/http/problem.js';
import { isoIfAny } from '../platform/clock.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { holds, type Actor, type OfficeAt } from '../domain/offices.js';
import { codeOf, firstDaysOf } from '../domain/terms/school-term.js';
import { addWorkingDays, dateOf, subtractWorkingDays, type PlainDate } from '../domain/working-days.js';
import { PolicyStore } from '../policies/policies.store.js';
import { actedBy, type Signature } from '../platform/ledger/acted-by.js';
import { CaseContext } from '../cases/case-context.js';
import { judgeStudents, registerStudents, retractRegistrations, type Judged } from './registering.js';
import {
  MOST_STUDENTS,
  type DeclareFirstDay,
  type RegisterTerm,
  type RetractTerm,
  type SchoolTermView,
  type TermResultsView,
  type UnregisteredPage,
  type UnregisteredQuery,
  type UnregisteredView,
} from './school-terms.dto.js';
import { askedOf, COUNT_ONE, LEFT_OF_A_GRADE, UNREGISTERED, valuesOf, type Tally } from './standing.store.js';
import { clerksSchool, rulesFor, seenSchool, termOfSchool, type School, type TermDeps, type TermOfSchool } from './term-of-school.js';
import { lockTerm, recordTermAct, type LockedTerm } from './school-terms.store.js';

/** A term under its lock, with the person who writes of it. */
interface Written {
  readonly tx: Transaction;
  readonly at: TermOfSchool;
  readonly locked: LockedTerm;
  readonly by: Signature;
}

/** The registration of terms 学期注册 (Art 13, R-15, A12): who is to be registered, who is, and the school's acts. */
@Injectable()
export class SchoolTerms {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly context: CaseContext,
    private readonly policies: PolicyStore,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
  ) {}

  show(caller: Caller, schoolId: string, code: string): Promise<SchoolTermView> {
    return inScope(this.db, caller, async (tx) => this.view(tx, await this.seen(tx, caller, schoolId, code)));
  }

  async unregistered(caller: Caller, schoolId: string, code: string, query: UnregisteredQuery): Promise<UnregisteredPage> {
    const { grade = null, className = null, cursor, limit } = query;
    const list = `unregistered ${schoolId} ${code}`;
    const [after = null] = this.cursors.read(list, cursor) ?? [];
    return inScope(this.db, caller, async (tx) => {
      const at = await this.seen(tx, caller, schoolId, code);
      const { dueDate } = at.deadline;
      const values = [...valuesOf(askedOf(at)), after, grade, className, limit + 1];
      const rows = await tx.query<(Omit<UnregisteredView, 'overdue'> & { owed: boolean })[]>(UNREGISTERED, values);
      const { items, nextCursor } = this.cursors.page(list, rows, limit, ({ studentId }) => [studentId]);
      const overdue = at.today > dueDate;
      return {
        term: codeOf(at.rules.term),
        dueDate,
        nextCursor,
        items: items.map(({ owed, ...row }) => ({ ...row, overdue: overdue && owed })),
      };
    });
  }

  /**
   * Neither the last day as it stands nor the one that follows may have passed.
   * @throws Problem term-start-out-of-bounds, term-deadline-passed
   */
  declare(caller: Caller, keyed: KeyedRequest, schoolId: string, code: string, { firstDay }: DeclareFirstDay): Promise<SchoolTermView> {
    return this.write(caller, keyed, schoolId, code, async ({ tx, at, locked, by }) => {
      const { rules, school } = at;
      const { from, through } = firstDaysOf(rules);
      if (firstDay < from || firstDay > through) throw new Problem('term-start-out-of-bounds', { facts: { from, through } });
      await tx.query('update school_term set first_day = $2 where id = $1', [locked.id, firstDay]);
      const after = await termOfSchool(tx, this.deps, school, rules);
      for (const { deadline, today } of [at, after])
        if (today > deadline.dueDate) throw new Problem('term-deadline-passed', { facts: { dueDate: deadline.dueDate } });
      await recordTermAct(tx, this.deps, locked, rules.term, { kind: 'firstDayDeclared', by, body: { firstDay, before: at.firstDay } });
      return this.view(tx, after);
    });
  }

  /** @throws Problem term-not-begun */
  register(caller: Caller, keyed: KeyedRequest, schoolId: string, code: string, body: RegisterTerm): Promise<TermResultsView> {
    return this.write(caller, keyed, schoolId, code, async ({ tx, at, locked, by }) => {
      if (at.today < at.firstDay) throw new Problem('term-not-begun', { facts: { firstDay: at.firstDay } });
      const ids = await this.chosen(tx, at, body);
      const results = body.dryRun ? await judgeStudents(tx, at, ids) : await registerStudents(tx, this.deps, locked, at, by, ids);
      return resultsView(at, results);
    });
  }

  /** By the school's clerk for some time, and at any time by a reviewer of its competent authority (A20). */
  async retract(caller: Caller, keyed: KeyedRequest, schoolId: string, code: string, body: RetractTerm): Promise<TermResultsView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor: Actor) => {
      const { school, office } = await this.retracting(tx, actor, schoolId);
      const written = await this.locked(tx, actor, school, code, office);
      const since = office.office === 'schoolClerk' ? selfRetractable(written.at) : null;
      return resultsView(written.at, await retractRegistrations(tx, this.deps, written.locked, written.at, written.by, { ...body, since }));
    });
    return answer;
  }

  private async retracting(tx: Transaction, actor: Actor, schoolId: string): Promise<{ school: School; office: OfficeAt }> {
    const school = await seenSchool(tx, actor, schoolId, dateOf(this.context.clock.now()));
    const [authorityId = ''] = school.ancestors;
    if (holds(actor, 'authorityReviewer', authorityId))
      return { school, office: { office: 'authorityReviewer', organisationId: authorityId } };
    if (school.closed || !holds(actor, 'schoolClerk', schoolId)) throw new Problem('not-your-office');
    return { school, office: { office: 'schoolClerk', organisationId: schoolId } };
  }

  private get deps(): TermDeps {
    const { clock, cipher, calendar } = this.context;
    return { clock, cipher, calendar, policies: this.policies };
  }

  private async write<T extends object>(
    caller: Caller,
    keyed: KeyedRequest,
    schoolId: string,
    code: string,
    work: (written: Written) => Promise<T>,
  ): Promise<T> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor: Actor) => {
      const school = await clerksSchool(tx, actor, schoolId, dateOf(this.context.clock.now()));
      return work(await this.locked(tx, actor, school, code, { office: 'schoolClerk', organisationId: schoolId }));
    });
    return answer;
  }

  private async locked(tx: Transaction, actor: Actor, school: School, code: string, office: OfficeAt): Promise<Written> {
    const rules = await rulesFor(tx, this.deps, school, code);
    const locked = await lockTerm(tx, school.id, rules.term);
    const at = await termOfSchool(tx, this.deps, school, rules);
    return { tx, at, locked, by: actedBy(actor, office) };
  }

  private async seen(tx: Transaction, caller: Caller, schoolId: string, code: string): Promise<TermOfSchool> {
    const school = await seenSchool(tx, caller, schoolId, dateOf(this.context.clock.now()));
    return termOfSchool(tx, this.deps, school, await rulesFor(tx, this.deps, school, code));
  }

  /** @throws Problem too-many-students */
  private async chosen(tx: Transaction, at: TermOfSchool, { studentIds, grade, className }: RegisterTerm): Promise<string[]> {
    if (studentIds && (grade ?? className) !== undefined)
      throw new Problem('invalid-input', { errors: [{ pointer: '/studentIds', detail: FIELD_FAULTS.listOrGrade }] });
    if (studentIds) return studentIds;
    const values = [...valuesOf(askedOf(at)), grade, className ?? null, MOST_STUDENTS + 1];
    const rows = await tx.query<{ id: string }[]>(LEFT_OF_A_GRADE, values);
    if (rows.length > MOST_STUDENTS) throw new Problem('too-many-students', { facts: { most: MOST_STUDENTS } });
    return rows.map(({ id }) => id);
  }

  private async view(tx: Transaction, at: TermOfSchool): Promise<SchoolTermView> {
    const { school, rules, firstDay, declared, deadline, today } = at;
    const { year, nth } = rules.term;
    const [[tally], [told]] = await Promise.all([
      tx.query<[Tally]>(COUNT_ONE, valuesOf(askedOf(at))),
      tx.query<{ remindedAt: Date | null; overdueToldAt: Date | null }[]>(
        `select reminded_at as "remindedAt", overdue_told_at as "overdueToldAt" from school_term where school_id = $1 and year = $2
          and nth = $3`,
        [school.id, year, nth],
      ),
    ]);
    const { from: firstDayFrom, through: firstDayThrough } = firstDaysOf(rules);
    const { owed, ...counts } = tally;
    const unregistered = counts.toRegister - counts.registered;
    return {
      school: school.name,
      term: codeOf(rules.term),
      firstDay,
      declared: declared !== null,
      firstDayFrom,
      firstDayThrough,
      dueDate: deadline.dueDate,
      provisional: deadline.provisional,
      overdue: owed > 0 && today > deadline.dueDate,
      ...counts,
      unregistered,
      remindedAt: isoIfAny(told?.remindedAt),
      overdueToldAt: isoIfAny(told?.overdueToldAt),
    };
  }
}

/**
 * The first day of which a school takes registrations back itself, or null for every day. It has so many working days from the last day to
 * register, or from a later registration.
 */
function selfRetractable({ rules: { retractionWorkingDays: days }, calendar, deadline, today }: TermOfSchool): PlainDate | null {
  return today <= addWorkingDays(calendar, deadline.dueDate, days).date ? null : subtractWorkingDays(calendar, today, days);
}

function resultsView({ rules }: TermOfSchool, results: readonly Judged[]): TermResultsView {
  const items = results.map(({ studentId, refused, late }) => {
    if (!refused) return { studentId, status: 200, late };
    const problem = problemView(new Problem(refused));
    return { studentId, status: problem.status, problem };
  });
  const done = results.filter(({ refused }) => !refused);
  return {
    term: codeOf(rules.term),
    done: done.length,
    late: done.filter(({ late }) => late).length,
    refused: results.length - done.length,
    items,
  };
}
