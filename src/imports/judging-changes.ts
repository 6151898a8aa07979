import { foundField, pastVersionsOf, type ImportedEnrolment, type PastChange, type PastChangeKind } from '../domain/dossier/imported.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { InputFault } from '../registrations/checks.js';
import type { ImportedChange } from './import-rows.dto.js';
import type { Applicable, ChangeKnown, Judging } from './judged.js';
import { faultAt, nameIn, numberIn, type FaultyRead, type FitRow } from './row-reading.js';

interface Found extends ChangeKnown {
  readonly number: string;
  readonly name: string;
  readonly importedOn: string | null;
  /** A request or a graduation has changed it since. */
  readonly moved: boolean;
}

/**
 * Students of the authority ($2) by their numbers ($1), each with the enrolments at its schools. The name is compared as a digest.
 */
const ENROLMENTS = `
  select s.id as "studentId", encode(s.number_index, 'hex') as number, encode(s.name_index, 'hex') as name, e.id as "enrolmentId",
    e.school_id as "schoolId", case when e.import_id is not null then to_char((e.recorded_at at time zone 'Asia/Shanghai')::date,
      'YYYY-MM-DD') end as "importedOn", e.changed_by is not null as moved,
    jsonb_build_object('state', e.state, 'validFrom', to_char(e.valid_from, 'YYYY-MM-DD'), 'since', to_char(e.since, 'YYYY-MM-DD'),
      'suspendedUntil', to_char(e.suspended_until, 'YYYY-MM-DD'), 'validTo', to_char(e.valid_to, 'YYYY-MM-DD'), 'grade', e.grade,
      'majorCode', e.major_code, 'studyMode', e.study_mode, 'className', e.class_name) as present
  from student s join enrolment e on e.student_id = s.id join organisation o on o.id = e.school_id
  where s.number_index in (select decode(unnest($1::text[]), 'hex')) and $2::uuid = any(o.ancestors)
  order by e.valid_from`;

/** Judges past changes: whose they are, and whether all of an enrolment together lead to how it stands now. */
export async function judgeChanges(judging: Judging, rows: readonly FitRow<'changes'>[]): Promise<(Applicable<'changes'> | FaultyRead)[]> {
  const { tx, cipher, authorityId } = judging;
  const digest = (column: string, text: string): string => cipher.index(column, text).toString('hex');
  const numbers = rows.map(({ input }) => digest('studentNumber', numberIn(input)));
  const enrolments = await tx.query<Found[]>(ENROLMENTS, [[...new Set(numbers)], authorityId]);
  const judged = rows.map((one, nth) => {
    const own = enrolments.filter(({ number, name }) => number === numbers[nth] && name === digest('name', nameIn(one.input)));
    return ofEnrolment(one, own);
  });
  const faults = await historyFaults(tx, judged.filter((one): one is Applicable<'changes'> => 'known' in one)); // prettier-ignore
  return judged.map((one) => {
    const wrong = faults.get(one.row);
    return wrong ? { row: one.row, faults: wrong } : one;
  });
}

/** Of the student's enrolments the one that was running on the day of the change. */
function ofEnrolment(one: FitRow<'changes'>, own: readonly Found[]): Applicable<'changes'> | FaultyRead {
  const { row, input } = one;
  if (own.length === 0) return { row, faults: [faultAt('imported-student-unknown', '/studentNumber')] };
  const on = input.effectiveOn;
  const running = own.filter(({ present }) => present.validFrom <= on && (present.validTo === null || on <= present.validTo));
  const found = running.find(({ importedOn, moved }) => importedOn !== null && !moved);
  if (!found && running.length > 0) return { row, faults: [faultAt('not-imported-student', '/studentNumber')] };
  if (!found) return { row, faults: [faultAt('imported-history-differs', '/effectiveOn')] };
  if (on > (found.importedOn ?? '')) return { row, faults: [faultAt('past-change-only', '/effectiveOn')] };
  const { studentId, enrolmentId, schoolId, present } = found;
  return { ...one, known: { studentId, enrolmentId, schoolId, present } };
}

/** A past change as the act of it says. */
export interface RecordedChange extends PastChange {
  readonly enrolmentId: string;
}

const RECORDED = `
  select body -> 'change' as change from act
  where stream_id = any($1::uuid[]) and stream = 'student' and kind = 'changeImported' order by stream_id, seq`;

/** The past changes of these students that were imported before. */
export const recordedChanges = async (tx: Transaction, studentIds: readonly string[]): Promise<RecordedChange[]> =>
  (await tx.query<{ change: RecordedChange }[]>(RECORDED, [[...new Set(studentIds)]])).map(({ change }) => change);

export const pastChangeIn = ({
  kind,
  effectiveOn,
  gradeBefore,
  majorCodeBefore,
  studyModeBefore,
  suspendedUntil,
}: ImportedChange): PastChange => ({
  kind,
  effectiveOn,
  before: { grade: gradeBefore, majorCode: majorCodeBefore, studyMode: studyModeBefore },
  until: suspendedUntil,
});

/** The order in which changes happened; of one day, in the order in which they were told. */
export const inOrder = <C extends PastChange>(changes: readonly C[]): C[] =>
  changes.toSorted((a, b) => (a.effectiveOn < b.effectiveOn ? -1 : a.effectiveOn > b.effectiveOn ? 1 : 0));

/** Rows of each enrolment, in their order. */
export function byEnrolment<R extends { readonly known: { readonly enrolmentId: string } }>(rows: readonly R[]): [string, R[]][] {
  const found = new Map<string, R[]>();
  for (const one of rows) found.set(one.known.enrolmentId, [...(found.get(one.known.enrolmentId) ?? []), one]);
  return [...found];
}

async function historyFaults(tx: Transaction, rows: readonly Applicable<'changes'>[]): Promise<ReadonlyMap<number, InputFault[]>> {
  const before = await recordedChanges(tx, rows.map(({ known }) => known.studentId)); // prettier-ignore
  return new Map(
    byEnrolment(rows).flatMap(([enrolmentId, own]) => {
      const told = own.map((one) => ({ ...pastChangeIn(one.input), row: one.row }));
      const earlier = before.filter((one) => one.enrolmentId === enrolmentId).map((one) => ({ ...one, row: undefined }));
      return faultsOf(inOrder([...earlier, ...told]), own[0]?.known.present);
    }),
  );
}

function faultsOf(
  all: readonly (PastChange & { readonly row: number | undefined })[],
  present: ImportedEnrolment | undefined,
): [number, InputFault[]][] {
  const history = present && pastVersionsOf(present, all);
  if (!history || !('faults' in history)) return [];
  const ofRow = new Map<number, InputFault[]>();
  for (const { nth, field } of history.faults) {
    const { kind, row } = all[nth] ?? {};
    // Of changes that were imported before, the new one that does not fit them is told.
    const told = row ?? all.find((one) => one.row !== undefined)?.row;
    if (told !== undefined && kind) ofRow.set(told, [...(ofRow.get(told) ?? []), faultOf(kind, field)]);
  }
  return [...ofRow];
}

function faultOf(kind: PastChangeKind, field: 'effectiveOn' | 'kind' | 'before'): InputFault {
  if (field !== 'before') return faultAt('imported-history-differs', `/${field}`);
  return faultAt('invalid-input', `/${foundField(kind) ?? 'kind'}Before`, FIELD_FAULTS.missing);
}
