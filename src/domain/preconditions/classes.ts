import { classFault, type NamedClass } from '../dossier/school-class.js';
import type { Study } from '../dossier/study.js';
import { words } from '../messages/words.js';
import { blocker, type Blocker, type BlockerOwner } from '../refusal.js';

/** By which a class is refused that was named. */
export const CLASS_CODES = ['class-not-open', 'class-of-other-study'] as const;

/** Why the class that was named can't be the student's, with the school whose register says so; undefined where none was named. */
export function classBlocker(
  named: NamedClass | undefined,
  study: Pick<Study, 'grade' | 'majorCode'>,
  { owner, pointer }: { readonly owner: BlockerOwner; readonly pointer: string },
): Blocker | undefined {
  const code = named && classFault(named, study);
  if (!named || !code) return undefined;
  const { id, name } = named.school;
  return { ...blocker(code, owner, pointer), item: { id, ...words(name, name) } };
}
