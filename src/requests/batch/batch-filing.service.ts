import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { openClassNames } from '../../classes/named-classes.js';
import { majorsInForce } from '../../code-sets/catalogues.store.js';
import { majorsOfferedAt } from '../../organisations/offers.js';
import { organisationsOf, type Caller } from '../../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../../platform/access/idempotency.js';
import { blockerView, Problem, problemView } from '../../platform/http/problem.js';
import { parsePart } from '../../platform/http/validation.js';
import { FieldCipher } from '../../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../../platform/database/in-scope.js';
import { normaliseDocumentNumber } from '../../domain/dossier/id-document.js';
import type { Actor } from '../../domain/offices.js';
import { words, type Words } from '../../domain/messages/words.js';
import { blocker } from '../../domain/refusal.js';
import { BatchRow, type BatchFiledView, type BatchFilingInput, type BatchFilingView } from './batch-filing.dto.js';
import type { Column } from '../../sheets/column.js';
import { enterFiling } from '../../cases/cases.store.js';
import { Filing, tellsOfAnother } from '../filing.service.js';
import { Quotas } from '../../platform/access/quotas.js';
import { FileRequest } from '../requests.dto.js';
import type { Appended, Fileable } from '../appending.js';
import { Requests } from '../requests.service.js';

/** A checked row: what to file, with everything it needs, or its fault. */
type Checked = ({ row: number } & Fileable) | { row: number; problem: Problem };

/** Classes to choose from in a sheet. */
const MOST_CHOICES = 500;
/** What a column offers that depends on the caller's schools. */
const CHOSEN: Readonly<Record<string, (tx: Transaction, schoolIds: readonly string[]) => Promise<Pick<Column, 'choices' | 'names'>>>> = {
  'details.className': async (tx, schoolIds) => ({ choices: await openClassNames(tx, schoolIds, MOST_CHOICES) }),
  'details.majorCode': async (tx, schoolIds) => {
    const [choices, majors] = await Promise.all([majorsOfferedAt(tx, schoolIds), majorsInForce(tx)]);
    return { choices, names: new Map(choices.map((code) => [code, majors.get(code)?.zh ?? ''])) };
  },
};
const NOT_FOUND = 'not-found';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Files the same kind for many students: every row is checked before the first is filed, and all are filed in one transaction or none. */
@Injectable()
export class BatchFiling {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly filing: Filing,
    private readonly requests: Requests,
    private readonly once: OnceOnly,
    private readonly cipher: FieldCipher,
    private readonly quotas: Quotas,
  ) {}

  /** `firstRow` is the number of the first item, for the eye of who made the list. */
  async file(caller: Caller, keyed: KeyedRequest, input: BatchFilingInput, firstRow = 1): Promise<BatchFilingView> {
    const filed: Appended[] = [];
    const { answer } = await this.quotas.telling(caller, () =>
      this.once.run(caller, keyed, async (tx, actor) => {
        const checked = await this.check(tx, actor, input, firstRow);
        const telling = checked.filter((one) => 'gathered' in one && tellsOfAnother(one.gathered.blockers)).length;
        if (telling > 0) await this.quotas.spend(tx, caller, 'possibleDuplicates', telling);
        const items = await this.fileChecked(tx, actor, input, onePerStudent(checked), filed);
        const count = (status: string) => items.filter((item) => item.status === status).length;
        return { filed: count('filed'), refused: count('refused'), items };
      }),
    );
    for (const one of filed) this.requests.wakeFiled(one);
    return answer;
  }

  /** Columns of a class or a major offer the open classes, and the majors, of the schools of which the caller is clerk. */
  async withChoices(caller: Caller, columns: readonly Column[]): Promise<Column[]> {
    const schoolIds = organisationsOf(caller, 'schoolClerk');
    if (!columns.some(({ path }) => CHOSEN[path]) || schoolIds.length === 0) return [...columns];
    return inScope(this.db, caller, (tx) =>
      Promise.all(columns.map(async (column) => ({ ...column, ...(await CHOSEN[column.path]?.(tx, schoolIds)) }))),
    );
  }

  /** What each row asks of the database is asked for all rows together; the rules that judge a row are those of a single filing. */
  private async check(tx: Transaction, actor: Actor, input: BatchFilingInput, firstRow: number): Promise<Checked[]> {
    const ids = await this.studentsByNumber(tx, input);
    const named = input.items.flatMap(({ studentId }) => (typeof studentId === 'string' && UUID.test(studentId) ? [studentId] : []));
    await enterFiling(tx, input.kind, [...new Set([...named, ...ids.values()])]);
    return Promise.all(
      input.items.map(async (item, i): Promise<Checked> => {
        const row = firstRow + i;
        try {
          const body = bodyOf(input, item, ids);
          return { row, body, gathered: await this.filing.gather(tx, actor, body) };
        } catch (error) {
          if (error instanceof Problem) return { row, problem: error };
          throw error;
        }
      }),
    );
  }

  private async studentsByNumber(tx: Transaction, { items }: BatchFilingInput): Promise<Map<string, string>> {
    const numbers = [...new Set(items.map(({ studentNumber }) => studentNumber).filter((one) => typeof one === 'string'))];
    const indices = new Map(
      numbers.map((number) => [this.cipher.index('studentNumber', normaliseDocumentNumber(number)).toString('hex'), number]),
    );
    const rows = await tx.query<{ id: string; digest: string }[]>(
      `select id, encode(number_index, 'hex') as digest from student where number_index in (select decode(unnest($1::text[]), 'hex'))`,
      [[...indices.keys()]],
    );
    return new Map(rows.map(({ id, digest }) => [indices.get(digest) as string, id]));
  }

  private async fileChecked(
    tx: Transaction,
    actor: Actor,
    { mode, dryRun }: BatchFilingInput,
    checked: Checked[],
    filed: Appended[],
  ): Promise<BatchFiledView[]> {
    const good = checked.filter((one) => 'gathered' in one && one.gathered.blockers.length === 0) as Fileable[];
    const go = !dryRun && (mode === 'valid' || good.length === checked.length);
    const appended = go && good.length > 0 ? await this.requests.append(tx, actor, good) : [];
    filed.push(...appended);
    const made = new Map(good.map((one, i) => [one, appended[i]]));
    return checked.map((one): BatchFiledView => {
      const { row } = one;
      if ('problem' in one) return { row, status: 'refused', problem: problemView(one.problem) };
      const { blockers } = one.gathered;
      if (blockers.length > 0) return { row, status: 'refused', blockers: blockers.map(blockerView) };
      const request = made.get(one);
      return request ? { row, status: 'filed', requestId: request.requestId, number: request.number } : { row, status: 'ready' };
    });
  }
}

/** A row's filing, checked like a single one. @throws Problem invalid-input, with pointers within the row */
function bodyOf({ kind, common = {} }: BatchFilingInput, item: Record<string, unknown>, ids: ReadonlyMap<string, string>): FileRequest {
  const { evidenceIds, evidence = common.evidence, reason, ...own } = item;
  const { studentNumber, studentId, details, ...rest } = parsePart(BatchRow, own, '');
  if ((studentId === undefined) === (studentNumber === undefined))
    throw new Problem('invalid-input', { errors: [{ pointer: '/studentId', detail: FIELD_FAULTS.numberOrId }] });
  const student = studentId ?? ids.get(studentNumber ?? '');
  if (!student) throw new Problem(NOT_FOUND, { errors: [{ pointer: '/studentNumber', detail: FIELD_FAULTS.unknownStudent }] });
  return parsePart(
    FileRequest,
    {
      kind,
      studentId: student,
      details: { ...common.details, ...details },
      evidenceIds: evidenceIds ?? common.evidenceIds ?? [],
      reason: reason ?? common.reason,
      ...(evidence === undefined ? {} : { evidence }),
      ...(common.application ? { application: common.application } : {}),
      ...rest,
    },
    '',
  );
}

const rowWords = (row: number): Words => words(`第 ${row} 行已有同一名学生`, `row ${row} has the same student`);

/** Of two rows for one student the later is refused: only one change may be open (A16). */
function onePerStudent(checked: readonly Checked[]): Checked[] {
  const seen = new Map<string, number>();
  return checked.map((one) => {
    if ('problem' in one || !one.body.studentId) return one;
    const first = seen.get(one.body.studentId);
    if (first === undefined) {
      seen.set(one.body.studentId, one.row);
      return one;
    }
    const { gathered } = one;
    const again = { ...blocker('change-already-open', 'filer', '/studentNumber'), item: { id: String(first), ...rowWords(first) } };
    return { ...one, gathered: { ...gathered, blockers: [...gathered.blockers, again] } };
  });
}
