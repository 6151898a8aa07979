import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CaseContext } from '../cases/case-context.js';
import { documentKey } from '../domain/dossier/id-document.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { dateOf } from '../domain/working-days.js';
import type { FaultyRow } from '../intakes/intakes.dto.js';
import { MOST_INTAKE_ROWS } from '../intakes/intakes.dto.js';
import { Intakes } from '../intakes/intakes.service.js';
import { faultyView, isFaulty, judgeRows, readRow, type ReadRow } from '../intakes/row-checks.js';
import { ownSchool } from '../organisations/own-organisation.js';
import type { Caller } from '../platform/access/caller.js';
import type { KeyedRequest } from '../platform/access/idempotency.js';
import { inScope } from '../platform/database/in-scope.js';
import { PolicyStore } from '../policies/policies.store.js';
import { registeringSchool } from '../registrations/checks.js';
import type { Column, ReadSheet } from '../sheets/column.js';
import { markedCopyOf, sheetOf } from '../sheets/sheet.js';
import { ROSTER_SIZE, rosterColumns } from './roster-columns.js';
import type { CheckedRoster, EnteredRoster, RosterOptions } from './rosters.dto.js';
import { marksOf, sheetFaultsOf } from './sheet-faults.js';

/** The line of the first row below the header. */
const FIRST = 2;

type Given = Record<string, unknown>;
interface Checked {
  readonly sheet: ReadSheet;
  readonly columns: readonly Column[];
  /** Rows that say something, with the line of each. */
  readonly given: readonly { readonly line: number; readonly row: Given }[];
  readonly faulty: readonly FaultyRow[];
}

/** 新生名册: the new students of a school as a sheet that it fills in. Each row is checked with all its faults, as a row of an intake is. */
@Injectable()
export class Rosters {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    readonly context: CaseContext,
    readonly policies: PolicyStore,
    private readonly intakes: Intakes,
  ) {}

  async template(caller: Caller, schoolId?: string): Promise<Buffer> {
    const columns = await this.columns(caller, ownSchool(caller, schoolId));
    const { templateOf } = await import('../sheets/sheet-template.js');
    return templateOf('新生名册', columns, ROSTER_SIZE);
  }

  /** Says what is wrong, and enters nothing. */
  async check(caller: Caller, file: Buffer, options: RosterOptions): Promise<CheckedRoster> {
    const { given, faulty, sheet } = await this.checked(caller, file, options);
    return { rows: given.length, clean: given.length - faulty.length, faults: sheetFaultsOf(faulty, sheet.places) };
  }

  /** The same sheet with its faults marked. */
  async marked(caller: Caller, file: Buffer, options: RosterOptions): Promise<Buffer> {
    const { columns, faulty, sheet } = await this.checked(caller, file, options);
    const marks = marksOf(sheetFaultsOf(faulty, sheet.places));
    return markedCopyOf(file, columns, ROSTER_SIZE, marks);
  }

  /**
   * Enters the clean rows into a new intake, page after page. A page has a key of its own made of the request's, so that a request which
   * broke off is repeated and enters nobody twice.
   */
  async enter(caller: Caller, keyed: KeyedRequest, file: Buffer, options: RosterOptions): Promise<EnteredRoster> {
    const { given, faulty, sheet } = await this.checked(caller, file, options);
    const wrong = new Set(faulty.map(({ row }) => row));
    const clean = given.filter(({ line }) => !wrong.has(line));
    const entered: EnteredRoster = { rows: given.length, clean: 0, faults: [], intake: null, entered: [] };
    const refused = [...faulty];
    for (let from = 0; from < clean.length; from += MOST_INTAKE_ROWS) {
      const page = clean.slice(from, from + MOST_INTAKE_ROWS);
      const rows = page.map(({ row }) => row);
      const key = pageKey(keyed, from);
      const { intake } = entered;
      const answer = intake
        ? await this.intakes.add(caller, key, intake.id, { rows, firstRow: 1 })
        : await this.intakes.open(caller, key, { ...options, rows, firstRow: 1 });
      const lineOf = (nth: number): number => page[nth - 1]?.line ?? nth;
      entered.intake = answer.intake ?? intake;
      entered.entered.push(...answer.entered.map((one) => ({ ...one, row: lineOf(one.row) })));
      refused.push(...answer.faulty.map((one) => ({ ...one, row: lineOf(one.row) })));
    }
    const faults = sheetFaultsOf(
      refused.toSorted((a, b) => a.row - b.row),
      sheet.places,
    );
    return { ...entered, clean: entered.entered.length, faults };
  }

  private async checked(caller: Caller, file: Buffer, { schoolId: named, year, season }: RosterOptions): Promise<Checked> {
    const schoolId = ownSchool(caller, named);
    const columns = await this.columns(caller, schoolId);
    const sheet = await sheetOf(file, columns, ROSTER_SIZE);
    const given = sheet.rows.flatMap((row, i) => (Object.keys(row).length === 0 ? [] : [{ line: i + FIRST, row }]));
    const today = dateOf(this.context.clock.now());
    const read = givenTwice(given.map(({ line, row }) => readRow(row, line, today)));
    const judged = await inScope(this.db, caller, async (tx) => {
      const school = await registeringSchool(tx, this, schoolId);
      return judgeRows(tx, school, { schoolId, year, season }, read);
    });
    return { sheet, columns, given, faulty: judged.filter(isFaulty).map(faultyView) };
  }

  private columns(caller: Caller, schoolId: string): Promise<Column[]> {
    return inScope(this.db, caller, async (tx) => {
      const { policy } = await registeringSchool(tx, this, schoolId);
      return rosterColumns(tx, schoolId, policy.requiredRecord ?? []);
    });
  }
}

/** The same document twice in a sheet: the later row names the earlier one. */
function givenTwice(read: readonly ReadRow[]): ReadRow[] {
  const first = new Map<string, number>();
  return read.map((one) => {
    if (isFaulty(one)) return one;
    const key = documentKey(one.person.document);
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, one.row);
      return one;
    }
    return { row: one.row, faults: [{ code: 'invalid-input', pointer: '/document/number', detail: FIELD_FAULTS.sameAs(other) }] };
  });
}

const pageKey = ({ key, digest }: KeyedRequest, from: number): KeyedRequest => ({
  key: createHash('sha256').update(`${key}\n${from}`).digest('hex'),
  digest: createHash('sha256').update(digest).update(String(from)).digest(),
});
