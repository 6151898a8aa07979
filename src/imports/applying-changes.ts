import { appendNext } from '../platform/ledger/streams.js';
import { keepHistories, type Applying } from './applying.store.js';
import { byEnrolment, inOrder, pastChangeIn, recordedChanges } from './judging-changes.js';
import type { Applicable } from './judged.js';

/**
 * Adds past changes to enrolments that were imported: each is an act, and all of an enrolment together make its history anew. How it
 * stands today stays. Returns by row whose dossier it is.
 */
export async function applyChanges(applying: Applying, rows: readonly Applicable<'changes'>[]): Promise<ReadonlyMap<number, string>> {
  const { tx, deps, importId, now, by } = applying;
  const students = [...new Set(rows.map(({ known }) => known.studentId))].sort();
  await tx.query('select 1 from student where id = any($1::uuid[]) order by id for update', [students]);
  const before = await recordedChanges(tx, students);
  for (const [enrolmentId, own] of byEnrolment(rows)) {
    const { studentId = '', present } = own[0]?.known ?? {};
    if (!present) continue;
    const told = own.map(({ input }) => pastChangeIn(input));
    const changes = inOrder([...before.filter((one) => one.enrolmentId === enrolmentId), ...told]);
    const last = changes.at(-1)?.effectiveOn ?? present.since;
    // The present is as old as the last change, where that is not known better.
    await tx.query('update enrolment set since = greatest(since, $2::date), changed_at = $3 where id = $1', [enrolmentId, last, now]);
    await keepHistories(tx, [{ enrolmentId, present, changes }]);
    for (const { row, input } of own)
      await appendNext(tx, deps, 'student', studentId, {
        kind: 'changeImported',
        key: `imported:${importId}/${row}`,
        by,
        body: { importId, row, enrolmentId, change: { enrolmentId, ...pastChangeIn(input) } },
        texts: textsOf(input),
      });
  }
  return new Map(rows.map(({ row, known }) => [row, known.studentId]));
}

/** What the list says besides codes and days: encrypted beside the act, and erasable. */
const textsOf = ({ reason, schoolBefore, approvalNumber }: Applicable<'changes'>['input']): Record<string, string> | undefined => {
  const said = Object.entries({ reason, schoolBefore, approvalNumber }).flatMap(([field, text]) =>
    text === undefined ? [] : [[field, text]],
  );
  return said.length === 0 ? undefined : (Object.fromEntries(said) as Record<string, string>);
};
