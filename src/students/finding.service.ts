import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { maskStudentNumber, normaliseDocumentNumber, normaliseName } from '../domain/dossier/id-document.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { handlingAt, ownSchools, type Actor } from '../domain/offices.js';
import { typedKeysOf } from '../dossier/finding-keys.js';
import { indexOf } from '../dossier/person.js';
import type { Caller } from '../platform/access/caller.js';
import { Quotas } from '../platform/access/quotas.js';
import { isoInShanghai } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import {
  BEFORE_ALL,
  COUNTS,
  ELSEWHERE,
  MOST_COUNTED,
  OF_ENROLMENTS,
  OPEN_CLASS,
  PAGES,
  type FoundStudent,
  type Way,
} from './finding.store.js';
import type { Sort, StudentCount, StudentItem, StudentPage, StudentSearch, SuspensionPeriodView } from './finding.dto.js';

/** What is asked for, but for the page. */
export type StudentFilter = Omit<StudentSearch, 'cursor' | 'limit' | 'count' | 'sort'>;

/** How a list is read: which statement, and its parameters before the page. */
interface Plan {
  readonly way: Way;
  readonly values: readonly unknown[];
  /** What a name or a number finds comes by id, whatever was asked. */
  readonly sort: Sort;
  /** Whether the beginning of a name or the end of a number was typed. */
  readonly typed: boolean;
}

/** The filters in the order of their parameters, from the third on. */
const FILTERS: readonly ((filter: StudentFilter) => unknown)[] = [
  ({ grade }) => grade,
  ({ className }) => className,
  ({ state }) => state,
  ({ changedSince }) => changedSince && new Date(changedSince),
  ({ majorCode }) => majorCode,
  ({ studyMode }) => studyMode,
  ({ endingBefore }) => endingBefore,
  ({ unplaced }) => unplaced,
];

/** Finding students 查找学生: the lists of schools and authorities, filtered, sorted and counted, each within the caller's reach. */
@Injectable()
export class Finding {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly cipher: FieldCipher,
    private readonly cursors: Cursors,
    private readonly quotas: Quotas,
  ) {}

  /** @throws Problem invalid-input for what the list of one school alone answers; daily-limit-reached */
  list(caller: Caller, { sort: asked, cursor, limit, count = false, ...filter }: StudentSearch): Promise<StudentPage> {
    return this.quotas.telling(caller, () =>
      inScope(this.db, caller, async (tx) => {
        const plan = this.planOf(caller, await ofClass(tx, caller, filter), asked);
        const { sort } = plan;
        const name = `students ${sort}`;
        const after = this.cursors.read(name, cursor) ?? BEFORE_ALL[sort];
        const rows = await tx.query<FoundStudent[]>(pageOf(plan.way, sort), [...plan.values, limit + 1, ...after]);
        const page = this.cursors.page(name, rows, limit, (row) => [row.id, ...keysOf(sort, row)]);
        const items = await this.opened(tx, caller, page.items, { typed: plan.typed, counts: true });
        return { items, nextCursor: page.nextCursor, count: count ? await counted(tx, plan) : null };
      }),
    );
  }

  /** All whom a filter leaves in the list of one school, by grade and class; `most` and one at most. */
  async allOf(
    tx: Transaction,
    actor: Actor,
    filter: StudentFilter & { schoolId: string },
    most: number,
  ): Promise<Pick<FoundStudent, 'id' | 'enrolmentId'>[]> {
    const plan = this.planOf(actor, await ofClass(tx, actor, filter), 'class');
    const { way, sort } = plan;
    const rows = await tx.query<FoundStudent[]>(pageOf(way, sort), [...plan.values, most + 1, ...BEFORE_ALL[sort]]);
    return rows.map(({ id, enrolmentId }) => ({ id, enrolmentId }));
  }

  /** @throws Problem invalid-input, own-school-only */
  private planOf(caller: Actor, filter: StudentFilter, sort: Sort): Plan {
    const own = ownSchools(caller);
    const handled = handlingAt(caller);
    const { schoolId = handled.length === 1 ? own[0] : undefined, name, numberEnding } = filter;
    const isOwn = schoolId !== undefined && own.includes(schoolId);
    if (sort !== 'id' && schoolId === undefined)
      throw new Problem('invalid-input', { errors: [{ pointer: '/sort', detail: FIELD_FAULTS.oneSchool }] });
    if (numberEnding !== undefined && !isOwn) throw new Problem('own-school-only');
    const [way, ...sought] = this.wayOf(filter, { ofSchool: schoolId !== undefined, isOwn });
    const keys = typedKeysOf(this.cipher, { name: isOwn ? name : undefined, numberEnding });
    const values = [handled, schoolId ?? null, ...FILTERS.map((of) => of(filter) ?? null), keys.length > 0 ? keys : null, ...sought];
    return { way, values, sort: way === 'school' ? sort : 'id', typed: keys.length > 0 };
  }

  private wayOf({ studentNumber, name }: StudentFilter, { ofSchool, isOwn }: { ofSchool: boolean; isOwn: boolean }): [Way, Buffer?] {
    const reach = ofSchool ? 'school' : 'below';
    if (studentNumber !== undefined)
      return [`${reach}ByNumber`, this.cipher.index('studentNumber', normaliseDocumentNumber(studentNumber))];
    if (name !== undefined && !isOwn) return ['belowByName', indexOf.name(this.cipher, normaliseName(name))];
    return [reach];
  }

  /** Students of a list that was made, as they stand now. */
  listed(caller: Caller, enrolmentIds: readonly string[]): Promise<StudentItem[]> {
    return inScope(this.db, caller, async (tx) => {
      const rows = await tx.query<FoundStudent[]>(OF_ENROLMENTS, [enrolmentIds]);
      return this.opened(tx, caller, rows, { typed: false, counts: false });
    });
  }

  /**
   * Names and numbers of students in the own school, whole. Of whom another school has since, they stay masked, and what was typed does not
   * find them: the present name may be another one.
   */
  private async opened(
    tx: Transaction,
    caller: Caller,
    rows: readonly FoundStudent[],
    { typed, counts }: { typed: boolean; counts: boolean },
  ): Promise<StudentItem[]> {
    const own = new Set(ownSchools(caller));
    const mine = rows.filter(({ school }) => own.has(school.id));
    const doubtful = mine.filter(({ state }) => state !== 'active' && state !== 'suspended').map(({ enrolmentId }) => enrolmentId);
    const gone = doubtful.length === 0 ? [] : await beyond(tx, 'schoolHistory', () => tx.query<{ id: string }[]>(ELSEWHERE, [doubtful]));
    const elsewhere = new Set(gone.map(({ id }) => id));
    const whole = new Set(mine.map(({ id }) => id).filter((id) => !elsewhere.has(id)));
    if (counts && whole.size > 0) await this.quotas.spend(tx, caller, 'listed', whole.size);
    return rows.filter(({ id }) => !typed || !elsewhere.has(id)).map((row) => this.itemOf(row, whole.has(row.id)));
  }

  private itemOf({ enrolmentId: _, nameCipher, numberCipher, changedKey: _key, ...row }: FoundStudent, whole: boolean): StudentItem {
    const number = this.cipher.decrypt(numberCipher, `student.number:${row.id}`);
    return {
      ...row,
      name: whole ? this.cipher.decrypt(nameCipher, `student.name:${row.id}`) : null,
      studentNumber: whole ? number : maskStudentNumber(number),
      changedAt: isoInShanghai(row.changedAt.getTime()),
      suspension: row.suspension && periodView(row.suspension),
    };
  }
}

/** No class is named so. */
const NOBODYS = '';

/** The filter with the class that it names by its id: its school and its name, which is what enrolments hold. */
async function ofClass<F extends StudentFilter>(tx: Transaction, caller: Actor, { classId, ...filter }: F): Promise<Omit<F, 'classId'>> {
  if (classId === undefined) return filter;
  const [found] = await tx.query<{ schoolId: string; name: string }[]>(OPEN_CLASS, [classId, handlingAt(caller)]);
  const { schoolId = found?.schoolId, className = found?.name } = filter;
  const isThere = found && schoolId === found.schoolId && className === found.name;
  return { ...filter, schoolId, className: isThere ? className : NOBODYS };
}

function pageOf(way: Way, sort: Sort): string {
  const page = PAGES[way][sort];
  if (page === undefined) throw new Error(`no page of ${way} by ${sort}`);
  return page;
}

async function counted(tx: Transaction, { way, values }: Plan): Promise<StudentCount> {
  const [{ n }] = await tx.query<[{ n: number }]>(COUNTS[way], [...values]);
  return { students: Math.min(n, MOST_COUNTED), more: n > MOST_COUNTED };
}

function keysOf(sort: Sort, { grade, className, changedKey }: FoundStudent): string[] {
  if (sort === 'class') return [grade, className ?? ''];
  return sort === 'changed' ? [changedKey] : [];
}

const instant = (at: string | null): string | null => at && isoInShanghai(Date.parse(at));
const periodView = (period: SuspensionPeriodView): SuspensionPeriodView => ({
  ...period,
  remindedAt: instant(period.remindedAt),
  expiredAt: instant(period.expiredAt),
});
