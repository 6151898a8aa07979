import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { closedMajors } from '../code-sets/catalogues.store.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { handlingAt, holds, type Actor } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import { actedBy, type Signature } from '../platform/ledger/acted-by.js';
import { newId } from '../platform/ledger/new-id.js';
import { appendNext } from '../platform/ledger/streams.js';
import { MOST_PLACED, type ChangeClass, type ClassPage, type ClassQuery, type ClassView, type MakeClass } from './classes.dto.js';
import type { MergeClass, PlacedStudents, PlaceStudents } from './classes.dto.js';
import {
  CHANGE_CLASS,
  CLASSES,
  LOCK_CLASS,
  schoolClassOf,
  ENROLLED_AMONG,
  ENROLLED_IN,
  PLACE,
  type EnrolledStudent,
} from './classes.store.js';
import { SchoolClass } from './school-class.entity.js';

const BEFORE_ALL = ['', '', '00000000-0000-0000-0000-000000000000'];

/** What a move stands on: the transaction that has locked the school, and who signs. */
interface Work {
  readonly tx: Transaction;
  readonly by: Signature;
  readonly schoolId: string;
}

/** Classes 班级: a school makes, names, merges and closes them, and places its students. Each is an act of the school's clerk. */
@Injectable()
export class Classes {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly once: OnceOnly,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly cursors: Cursors,
  ) {}

  /** @throws Problem not-found for a school that the caller's organisations do not see */
  list(caller: Caller, schoolId: string, { grade, closed = false, cursor, limit }: ClassQuery): Promise<ClassPage> {
    const name = `classes ${schoolId}`;
    const after = this.cursors.read(name, cursor) ?? BEFORE_ALL;
    return inScope(this.db, caller, async (tx) => {
      const seen = await tx.query<unknown[]>(`select 1 from organisation o where o.id = $1 and (o.id = any($2) or o.ancestors && $2)`, [
        schoolId,
        handlingAt(caller),
      ]);
      if (seen.length === 0) throw new Problem('not-found');
      const rows = await tx.query<ClassView[]>(CLASSES, [schoolId, grade ?? null, closed, ...after, limit + 1]);
      return this.cursors.page(name, rows, limit, (row) => [row.grade, row.name, row.id]);
    });
  }

  make(
    caller: Caller,
    keyed: KeyedRequest,
    schoolId: string,
    { name, grade, majorCode, headTeacher, size, openedOn = this.today() }: MakeClass,
  ): Promise<ClassView> {
    this.mustNotLieAhead('/openedOn', openedOn);
    return this.run(caller, keyed, schoolId, async (work) => {
      await mustBeFree(work, name);
      await mustBeTaught(work, grade, majorCode);
      const id = newId();
      const made = { grade, majorCode: majorCode ?? null, size: size ?? null, openedOn };
      await work.tx.of(SchoolClass).insert({
        ...made,
        id,
        schoolId,
        name,
        headTeacher: headTeacher ?? null,
        formerNames: [],
        closedOn: null,
        mergedInto: null,
      });
      await this.tell(work, 'classMade', { classId: id, ...made }, { name, headTeacher });
      return viewed(work, id);
    });
  }

  /** A new name is that of its students too, from today on. */
  change(caller: Caller, keyed: KeyedRequest, schoolId: string, id: string, { name, headTeacher, size }: ChangeClass): Promise<ClassView> {
    if (name === undefined && headTeacher === undefined && size === undefined) throw new Problem('nothing-to-change');
    return this.run(caller, keyed, schoolId, async (work) => {
      const before = await mustBeOpen(work, id);
      if (name !== undefined && name !== before.name) {
        await mustBeFree(work, name);
        await this.placeAll(work, before, { id, name });
      }
      await work.tx.query(CHANGE_CLASS, [id, name ?? before.name, headTeacher ?? before.headTeacher, size ?? before.size]);
      await this.tell(work, 'classChanged', { classId: id, size: size ?? null }, { name, headTeacher });
      return viewed(work, id);
    });
  }

  /** 撤班: only a class without students; who is suspended is unplaced then. @throws Problem class-not-empty */
  close(caller: Caller, keyed: KeyedRequest, schoolId: string, id: string): Promise<ClassView> {
    return this.run(caller, keyed, schoolId, async (work) => {
      const before = await mustBeOpen(work, id);
      if (before.students > 0) throw new Problem('class-not-empty');
      await this.placeAll(work, before, null);
      await work.tx.of(SchoolClass).update({ id }, { closedOn: this.today() });
      await this.tell(work, 'classClosed', { classId: id });
      return viewed(work, id);
    });
  }

  /** 并班: all its students go into another class of the same grade and major, and it is closed. @throws Problem class-differs */
  merge(caller: Caller, keyed: KeyedRequest, schoolId: string, id: string, { into }: MergeClass): Promise<ClassView> {
    return this.run(caller, keyed, schoolId, async (work) => {
      const before = await mustBeOpen(work, id);
      const target = await mustBeOpen(work, into);
      if (into === id || target.grade !== before.grade || target.majorCode !== before.majorCode) throw new Problem('class-differs');
      await this.placeAll(work, before, target);
      await work.tx.of(SchoolClass).update({ id }, { closedOn: this.today(), mergedInto: into });
      await this.tell(work, 'classMerged', { classId: id, into });
      return viewed(work, id);
    });
  }

  /** 编班: all of the list or none. @throws Problem invalid-input with the places of students who can't be placed */
  place(
    caller: Caller,
    keyed: KeyedRequest,
    schoolId: string,
    id: string,
    { studentIds, effectiveOn }: PlaceStudents,
  ): Promise<PlacedStudents> {
    const from = effectiveOn ?? this.today();
    this.mustNotLieAhead('/effectiveOn', from);
    return this.run(caller, keyed, schoolId, async (work) => {
      const target = await mustBeOpen(work, id);
      if (from < target.openedOn)
        throw new Problem('invalid-input', { errors: [{ pointer: '/effectiveOn', detail: FIELD_FAULTS.beforeOpened }] });
      const found = await work.tx.query<EnrolledStudent[]>(ENROLLED_AMONG, [schoolId, studentIds, MOST_PLACED]);
      const known = new Map(found.map((one) => [one.studentId, one]));
      const errors = studentIds.flatMap((studentId, nth) => {
        const one = known.get(studentId);
        if (!one || one.grade !== target.grade || one.majorCode !== target.majorCode)
          return [{ pointer: `/studentIds/${nth}`, detail: FIELD_FAULTS.notOfClass }];
        return from < one.from ? [{ pointer: `/studentIds/${nth}`, detail: FIELD_FAULTS.beforeClass }] : [];
      });
      if (errors.length > 0) throw new Problem('invalid-input', { errors });
      await this.put(work, found, { to: target, from });
      return { classId: id, students: found.length, effectiveOn: from };
    });
  }

  /** Everybody in a class goes to another one, or to none, from today on. */
  private async placeAll(work: Work, { name }: ClassView, to: { id: string; name: string } | null): Promise<void> {
    const found = await work.tx.query<EnrolledStudent[]>(ENROLLED_IN, [work.schoolId, name, MOST_PLACED + 1]);
    if (found.length > MOST_PLACED) throw new Problem('class-too-large');
    await this.put(work, found, { to, from: this.today() });
  }

  private async put(
    { tx, by }: Work,
    found: readonly EnrolledStudent[],
    { to, from }: { to: { id: string; name: string } | null; from: string },
  ): Promise<void> {
    if (found.length === 0) return;
    const at = new Date(this.clock.now());
    const values = [found.map(({ enrolmentId }) => enrolmentId), to?.name ?? null, from, at];
    await beyond(tx, 'placement', () => tx.query(PLACE, values)); // no person writes enrolments otherwise
    await tx.query('update student set changed_at = $2 where id = any($1::uuid[])', [found.map(({ studentId }) => studentId), at]);
    for (const { studentId, enrolmentId } of found)
      await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'student', studentId, {
        kind: 'placedInClass',
        by,
        body: { enrolmentId, classId: to?.id ?? null, effectiveOn: from },
      });
  }

  private async run<T extends object>(caller: Caller, keyed: KeyedRequest, schoolId: string, work: (on: Work) => Promise<T>): Promise<T> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      mustBeClerk(actor, schoolId);
      await tx.query('select 1 from organisation where id = $1 for update', [schoolId]);
      return work({ tx, schoolId, by: actedBy(actor, { office: 'schoolClerk', organisationId: schoolId }) });
    });
    return answer;
  }

  private async tell(
    { tx, by, schoolId }: Work,
    kind: string,
    body: object,
    { name, headTeacher }: { name?: string; headTeacher?: string } = {},
  ): Promise<void> {
    const texts = { ...(name === undefined ? {} : { name }), ...(headTeacher === undefined ? {} : { headTeacher }) };
    await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', schoolId, { kind, by, body, texts });
  }

  private mustNotLieAhead(pointer: string, day: string): void {
    if (day > this.today()) throw new Problem('date-in-future', { errors: [{ pointer, detail: FIELD_FAULTS.future }] });
  }

  private today = (): string => dateOf(this.clock.now());
}

function mustBeClerk(actor: Actor, schoolId: string): void {
  if (!holds(actor, 'schoolClerk', schoolId)) throw new Problem('not-your-office');
}

/** A class is of a major that its intake could take up, or that the school offered to it. @throws Problem major-not-in-catalogue */
async function mustBeTaught({ tx, schoolId }: Work, grade: string, majorCode: string | undefined): Promise<void> {
  const [closed] = majorCode === undefined ? [] : await closedMajors(tx, grade, [majorCode], () => '/majorCode');
  if (!closed) return;
  const offered: unknown[] = await tx.query('select 1 from school_major where school_id = $1 and intake = $2 and major_code = $3 limit 1', [
    schoolId,
    grade,
    majorCode,
  ]);
  if (offered.length > 0) return;
  throw new Problem('major-not-in-catalogue', { errors: [{ pointer: closed.pointer, detail: closed.detail }] });
}

async function mustBeFree({ tx, schoolId }: Work, name: string): Promise<void> {
  const taken: unknown[] = await tx.query('select 1 from school_class where school_id = $1 and name = $2 and closed_on is null', [
    schoolId,
    name,
  ]);
  if (taken.length > 0) throw new Problem('class-name-taken', { errors: [{ pointer: '/name', detail: FIELD_FAULTS.taken }] });
}

async function mustBeOpen({ tx, schoolId }: Work, id: string): Promise<ClassView> {
  await tx.query(LOCK_CLASS, [id, schoolId]);
  const found = await schoolClassOf(tx, schoolId, id);
  if (!found) throw new Problem('not-found');
  if (found.closedOn !== null) throw new Problem('class-closed');
  return found;
}

async function viewed({ tx, schoolId }: Work, id: string): Promise<ClassView> {
  const found = await schoolClassOf(tx, schoolId, id);
  if (!found) throw new Error('no such class');
  return found;
}
