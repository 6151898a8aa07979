import type { MessageCode } from '../messages/messages.js';
import type { Study } from './study.js';

/** What the register of a school's classes 班级 says of a name. */
export interface NamedClass {
  readonly school: { readonly id: string; readonly name: string };
  /** The school keeps its register outside this system (A23). */
  readonly outside: boolean;
  /** The open class of that name, if there is one. */
  readonly open?: { readonly grade: string; readonly majorCode: string | null };
}

/** Why nobody who studies so is in the class of that name. Every door asks this one function. */
export function classFault(
  { outside, open }: NamedClass,
  { grade, majorCode }: Pick<Study, 'grade' | 'majorCode'>,
): MessageCode | undefined {
  if (outside) return undefined;
  if (!open) return 'class-not-open';
  return open.grade === grade && open.majorCode === majorCode ? undefined : 'class-of-other-study';
}
