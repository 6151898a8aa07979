import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { readTexts } from '../platform/ledger/streams.js';
import type { ImportedChangeView } from './students.dto.js';

interface Told {
  readonly seq: number;
  readonly change: {
    readonly kind: string;
    readonly effectiveOn: string;
    readonly before?: { readonly grade?: string; readonly majorCode?: string; readonly studyMode?: string };
  };
}

/** Changes from before this system, out of the acts by which they came; what was erased of their texts is absent. */
export async function importedChanges(tx: Transaction, cipher: FieldCipher, studentId: string): Promise<ImportedChangeView[]> {
  const told = await tx.query<Told[]>(
    `select seq, body -> 'change' as change from act where stream_id = $1 and stream = 'student' and kind = 'changeImported'
     order by body -> 'change' ->> 'effectiveOn', seq`,
    [studentId],
  );
  if (told.length === 0) return [];
  const texts = await readTexts(tx, cipher, studentId);
  return told.map(({ seq, change: { kind, effectiveOn, before = {} } }) => {
    const { schoolBefore = null, approvalNumber = null, reason = null } = texts.get(seq) ?? {};
    const study = {
      gradeBefore: before.grade ?? null,
      majorCodeBefore: before.majorCode ?? null,
      studyModeBefore: before.studyMode ?? null,
    };
    return { kind, effectiveOn, ...study, schoolBefore, approvalNumber, reason };
  });
}
