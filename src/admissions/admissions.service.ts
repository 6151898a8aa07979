import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CalendarStore } from '../calendar/calendar.store.js';
import {
  documentKey,
  documentProblem,
  maskDocument,
  maskName,
  normaliseDocumentNumber,
  normaliseName,
} from '../domain/dossier/id-document.js';
import type { DocumentType } from '../domain/dossier/id-document.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { MESSAGES } from '../domain/messages/messages.js';
import { holds, trackOf, type Actor, type Office } from '../domain/offices.js';
import { intakePeriod } from '../domain/terms/registration-period.js';
import { addWorkingDays, calendarFor, dateOf } from '../domain/working-days.js';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { insertRows } from '../platform/database/insert-rows.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem, type FieldProblem } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { newId } from '../platform/ledger/new-id.js';
import { appendNext } from '../platform/ledger/streams.js';
import { PolicyStore } from '../policies/policies.store.js';
import { ADMISSION_SIZE, admissionColumns, asInSheet } from './admission-sheets.js';
import { sheetOf } from '../sheets/sheet.js';
import { parsePart } from '../platform/http/validation.js';
import { AdmittedPerson } from './admissions.dto.js';
import type {
  AdmissionListOptions,
  AdmissionListDetail,
  AdmissionListInput,
  AdmissionListPage,
  AdmissionListQuery,
  AdmissionListView,
  AdmittedPage,
  AdmittedQuery,
  AdmittedView,
} from './admissions.dto.js';
import { ADMISSION_LISTS, ADMITTED_PEOPLE, admittedByMajor, NEW_STUDENTS, type MajorCounts } from './admissions.store.js';

interface ListRow {
  readonly id: string;
  readonly school: AdmissionListView['school'];
  readonly schoolId: string;
  readonly year: number;
  readonly season: 'spring' | 'autumn';
  readonly reportsOn: string;
  readonly plans: { readonly majorCode: string; readonly plan: number }[];
  readonly admitted: number;
  readonly withdrawn: boolean;
  readonly recordedAt: Date;
  readonly ancestors: string[];
  readonly provinceId: string;
}
type SealedPerson = Omit<AdmittedView, 'name' | 'documentNumber'> & { readonly name: Buffer; readonly document: Buffer };

const place = (of: 'name' | 'document', listId: string, row: number): string => `admission.${of}:${listId}/${row}`;

/** Admission lists 录取名册: who was admitted, so that who reported, who never did and who is over plan is known. */
@Injectable()
export class Admissions {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
    private readonly calendar: CalendarStore,
    private readonly policies: PolicyStore,
  ) {}

  /** The list as a sheet. @throws Problem as `handIn`, with rows and columns of the sheet */
  async handInSheet(caller: Caller, keyed: KeyedRequest, file: Buffer, options: AdmissionListOptions): Promise<AdmissionListDetail> {
    const columns = await inScope(this.db, caller, (tx) => admissionColumns(tx, options.schoolId));
    const { rows, places } = await sheetOf(file, columns, ADMISSION_SIZE);
    try {
      return await this.handIn(caller, keyed, { ...options, people: peopleOf(rows) }, 2);
    } catch (error) {
      throw asInSheet(error, places);
    }
  }

  async template(caller: Caller, schoolId: string): Promise<Buffer> {
    const columns = await inScope(this.db, caller, (tx) => admissionColumns(tx, schoolId));
    const { templateOf } = await import('../sheets/sheet-template.js');
    return templateOf('录取名册', columns, ADMISSION_SIZE);
  }

  /** `firstRow` is the number of the first person in the list. @throws Problem not-your-office, not-found, wrong-track, invalid-input */
  async handIn(caller: Caller, keyed: KeyedRequest, input: AdmissionListInput, firstRow = 1): Promise<AdmissionListDetail> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { office, organisationId } = await this.mayHandIn(tx, actor, input.schoolId);
      const faults = faultsIn(input.people, dateOf(this.clock.now()), firstRow);
      const { from, through } = intakePeriod(input.year, input.season);
      if (input.reportsOn < from || input.reportsOn > through) faults.push({ pointer: '/reportsOn', detail: FIELD_FAULTS.datesDisagree });
      if (faults.length > 0) throw new Problem('invalid-input', { errors: faults.slice(0, MOST_FAULTS) });
      const id = newId();
      await this.keep(tx, { id, by: actor.personId, office, organisationId }, input);
      const { people, ...said } = input;
      await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', input.schoolId, {
        kind: 'admissionsListed',
        by: actedBy(actor, { office, organisationId }),
        body: { ...said, listId: id, people: people.length },
      });
      return this.detail(tx, id);
    });
    return answer;
  }

  async withdraw(caller: Caller, keyed: KeyedRequest, id: string, reason: string): Promise<AdmissionListDetail> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      handsInSomewhere(actor);
      const { schoolId } = await this.one(tx, id);
      const { office, organisationId } = await this.mayHandIn(tx, actor, schoolId);
      const now = new Date(this.clock.now());
      await tx.query('update admission_list set withdrawn_at = $2 where id = $1 and withdrawn_at is null', [id, now]);
      await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', schoolId, {
        kind: 'admissionsWithdrawn',
        by: actedBy(actor, { office, organisationId }),
        body: { listId: id },
        texts: { reason },
      });
      return this.detail(tx, id);
    });
    return answer;
  }

  list(caller: Caller, { schoolId, cursor, limit }: AdmissionListQuery): Promise<AdmissionListPage> {
    const [recordedAt = null, id = null] = this.cursors.read('admissionLists', cursor) ?? [];
    return inScope(this.db, caller, async (tx) => {
      const rows = await tx.query<ListRow[]>(ADMISSION_LISTS, [null, schoolId ?? null, recordedAt, id, limit + 1]);
      const { items, nextCursor } = this.cursors.page('admissionLists', rows, limit, (row) => [row.recordedAt.toISOString(), row.id]);
      const majors = await byMajor(tx, items);
      const of = ({ id }: ListRow) => majors.filter(({ listId }) => listId === id);
      return { items: await Promise.all(items.map((row) => this.view(tx, row, of(row)))), nextCursor };
    });
  }

  show(caller: Caller, id: string): Promise<AdmissionListDetail> {
    return inScope(this.db, caller, (tx) => this.detail(tx, id));
  }

  /** Who is on a list, with the name whole: schools look for who never came. */
  people(caller: Caller, id: string, { state, cursor, limit }: AdmittedQuery): Promise<AdmittedPage> {
    const name = `admitted ${id} ${state ?? ''}`;
    const [after = '0'] = this.cursors.read(name, cursor) ?? [];
    return inScope(this.db, caller, async (tx) => {
      const list = await this.one(tx, id);
      const { from, through } = intakePeriod(list.year, list.season);
      const rows = await beyond(tx, 'registration', () =>
        tx.query<SealedPerson[]>(ADMITTED_PEOPLE, [id, from, through, state ?? null, Number(after), limit + 1]),
      );
      const { items, nextCursor } = this.cursors.page(name, rows, limit, (row) => [String(row.row)]);
      return { items: items.map((row) => this.person(id, row)), nextCursor };
    });
  }

  private person(listId: string, { name, document, ...row }: SealedPerson): AdmittedView {
    return {
      ...row,
      name: this.cipher.decrypt(name, place('name', listId, row.row)),
      documentNumber: maskDocument(this.cipher.decrypt(document, place('document', listId, row.row))),
    };
  }

  private async detail(tx: Transaction, id: string): Promise<AdmissionListDetail> {
    const row = await this.one(tx, id);
    const { from, through } = intakePeriod(row.year, row.season);
    const majors = await byMajor(tx, [row]);
    const students = await beyond(tx, 'registration', () =>
      tx.query<{ majorCode: string; students: number; unlisted: number }[]>(NEW_STUDENTS, [row.schoolId, from, through]),
    );
    const codes = [...new Set([...majors, ...row.plans, ...students].map(({ majorCode }) => majorCode))].sort();
    return {
      ...(await this.view(tx, row, majors)),
      majors: codes.map((majorCode) => {
        const of = <T extends { readonly majorCode: string }>(among: readonly T[]) => among.find((one) => one.majorCode === majorCode);
        const { admitted = 0, reported = 0, registered = 0 } = of(majors) ?? {};
        const plan = of(row.plans)?.plan ?? null;
        const { students: came = 0, unlisted = 0 } = of(students) ?? {};
        const overPlan = plan === null ? null : Math.max(0, came - plan);
        return { majorCode, plan, admitted, reported, registered, missing: admitted - reported, overPlan, unlisted };
      }),
    };
  }

  private async view(tx: Transaction, row: ListRow, majors: readonly MajorCounts[]): Promise<AdmissionListView> {
    const { schoolId, plans: _plans, ancestors, provinceId, recordedAt, ...shown } = row;
    const sum = (of: 'reported' | 'registered') => majors.reduce((all, one) => all + one[of], 0);
    const calendar = calendarFor(await this.calendar.current(tx), { holder: schoolId, ladder: ancestors });
    const { registerWorkingDays } = await this.policies.inForce(tx, provinceId, row.reportsOn);
    const dueDate = addWorkingDays(calendar, row.reportsOn, registerWorkingDays).date;
    const missing = row.admitted - sum('reported');
    return {
      ...shown,
      dueDate,
      overdue: !row.withdrawn && missing > 0 && dateOf(this.clock.now()) > dueDate,
      reported: sum('reported'),
      registered: sum('registered'),
      missing,
      recordedAt: isoInShanghai(recordedAt.getTime()),
    };
  }

  private async one(tx: Transaction, id: string): Promise<ListRow> {
    const [row] = await tx.query<ListRow[]>(ADMISSION_LISTS, [id, null, null, null, 1]);
    if (!row) throw new Problem('not-found');
    return row;
  }

  private async keep(
    tx: Transaction,
    { id, by, office, organisationId }: { id: string; by: string; office: Office; organisationId: string },
    { people, plans = [], ...said }: AdmissionListInput,
  ): Promise<void> {
    const recordedAt = new Date(this.clock.now());
    const list = { ...said, id, people: people.length, handedInBy: by, office, organisationId, recordedAt };
    await insertRows(tx, 'admission_list', [{ ...list, plans }]);
    const rows = people.map(({ name, documentType, documentNumber, majorCode }, i) => {
      const [row, whole, number] = [i + 1, normaliseName(name), normaliseDocumentNumber(documentNumber)];
      return {
        listId: id,
        row,
        majorCode,
        maskedName: maskName(whole),
        nameCipher: this.cipher.encrypt(whole, place('name', id, row)),
        documentType,
        documentCipher: this.cipher.encrypt(number, place('document', id, row)),
        documentIndex: this.cipher.index('document', documentKey({ type: documentType, number })),
      };
    });
    await insertRows(tx, 'admission', rows);
  }

  /** In which office the actor hands in: as clerk of the school, or as reviewer of an authority above it. */
  private async mayHandIn(tx: Transaction, actor: Actor, schoolId: string): Promise<{ office: Office; organisationId: string }> {
    const reviews = handsInSomewhere(actor);
    const [school] = await tx.query<{ type: string; above: string | null }[]>(
      `select type, (select a.id from unnest(ancestors) with ordinality as a (id, nth) where a.id = any($2) order by nth limit 1) as above
       from organisation where id = $1 and level = 'school' for update`,
      [schoolId, reviews],
    );
    const isClerk = holds(actor, 'schoolClerk', schoolId);
    if (!school || (!isClerk && !school.above)) throw new Problem('not-found');
    if (trackOf(school.type) !== 'vocational') throw new Problem('wrong-track');
    return isClerk || !school.above
      ? { office: 'schoolClerk', organisationId: schoolId }
      : { office: 'authorityReviewer', organisationId: school.above };
  }
}

const byMajor = (tx: Transaction, rows: readonly ListRow[]): Promise<MajorCounts[]> =>
  beyond(tx, 'registration', () => admittedByMajor(tx, rows));

/** Where the actor reviews. The office is judged before anything is read. @throws Problem not-your-office for who is no clerk either */
export function handsInSomewhere(actor: Actor): string[] {
  const reviews = organisationsOf(actor, 'authorityReviewer');
  if (reviews.length + organisationsOf(actor, 'schoolClerk').length === 0) throw new Problem('not-your-office');
  return reviews;
}

/** No answer names more faults: a list of another form has them all. */
const MOST_FAULTS = 500;

/** The people of a sheet. @throws Problem invalid-input with the faults of all rows */
function peopleOf(rows: readonly Record<string, unknown>[]): AdmittedPerson[] {
  const errors: FieldProblem[] = [];
  const people = rows.map((row, i) => {
    try {
      return parsePart(AdmittedPerson, row, `/people/${i}`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      errors.push(...(error.more.errors ?? []));
      return new AdmittedPerson();
    }
  });
  if (errors.length > 0) throw new Problem('invalid-input', { errors: errors.slice(0, MOST_FAULTS) });
  return people;
}

/** All that is wrong with the people of a list. The same person twice names the other row. */
function faultsIn(people: readonly AdmittedPerson[], today: string, firstRow: number): FieldProblem[] {
  const first = new Map<string, number>();
  return people.flatMap(({ documentType, documentNumber }, i): FieldProblem[] => {
    const pointer = `/people/${i}/documentNumber`;
    const problem = documentProblem(documentType as DocumentType, documentNumber, { today });
    if (problem) return [{ pointer, detail: MESSAGES[problem] }];
    const key = documentKey({ type: documentType, number: documentNumber });
    const other = first.get(key);
    if (other !== undefined) return [{ pointer, detail: FIELD_FAULTS.sameAs(other + firstRow) }];
    first.set(key, i);
    return [];
  });
}
