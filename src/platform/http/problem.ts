import type { Blocker, Refusal, SettledBy } from '../../domain/refusal.js';
import { blockerWords } from '../../domain/refusal.js';
import { FIELD_NAMES } from '../../domain/messages/field-names.js';
import { MESSAGES, remedyOf, statusOf, type MessageCode } from '../../domain/messages/messages.js';
import type { Words } from '../../domain/messages/words.js';
import { told } from './language.js';

/** A field that is wrong, by JSON pointer. */
export interface FieldProblem {
  readonly pointer: string;
  readonly detail: Words & { readonly code?: string };
  /** Which fault it is, where its text does not say so. */
  readonly code?: string;
}

interface More {
  readonly detail?: Words;
  readonly errors?: readonly FieldProblem[];
  readonly blockers?: readonly BlockerView[];
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
}

/** A refusal on its way out as an RFC 9457 problem; the filter turns it into the answer. */
export class Problem extends Error {
  constructor(
    readonly code: MessageCode,
    readonly more: More = {},
  ) {
    super(code);
  }
  get status(): number {
    return statusOf(this.code);
  }
}

/** What a field is called: in Chinese, or in the words of its identifier in English and where it has no name. */
function nameOf(pointer: string): string {
  const names = pointer.split('/').filter((part) => part !== '' && !/^\d+$/.test(part));
  const last = names.at(-1) ?? '';
  const en = last.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return told({ zh: Object.hasOwn(FIELD_NAMES, last) ? (FIELD_NAMES[last] ?? last) : last, en });
}

/** A wrong field as an answer shows it. */
export const fieldView = ({ pointer, detail, code = detail.code ?? 'wrong' }: FieldProblem) => ({
  pointer,
  label: nameOf(pointer),
  code,
  detail: told(detail),
});

/** What an answer says of a problem, of a request and of one item of a batch alike. It speaks the language of the request at hand. */
export const problemView = ({ code, status, more: { detail, errors, blockers, facts, retryAfterSeconds } }: Problem) => ({
  type: `/problems/${code}`,
  title: told(MESSAGES[code]),
  status,
  detail: told(detail ?? remedyOf(code) ?? MESSAGES[code]),
  code,
  ...(errors ? { errors: errors.map(fieldView) } : {}),
  ...(blockers ? { blockers } : {}),
  ...(status === 429 && retryAfterSeconds ? { retryAfterSeconds } : {}),
  ...facts,
});

export interface BlockerView {
  readonly code: MessageCode;
  readonly message: string;
  readonly owner: string;
  readonly remedy: string;
  readonly pointer?: string;
  readonly item?: string;
  readonly sources?: SettledBy[];
}

/** What clears a reason, in the language of the request at hand; empty where nothing does. */
export function remedyTold(code: MessageCode): string {
  const remedy = remedyOf(code);
  return remedy ? told(remedy) : '';
}

export const blockerView = (one: Blocker): BlockerView => ({
  code: one.code,
  message: told(blockerWords(one)),
  owner: one.owner,
  remedy: remedyTold(one.code),
  ...(one.pointer === undefined ? {} : { pointer: one.pointer }),
  ...(one.item ? { item: one.item.id } : {}),
  ...(one.sources ? { sources: [...one.sources] } : {}),
});

/** Throws what the domain refused. */
export function refuse(refused: Refusal | undefined): void {
  if (refused) throw new Problem(refused.code, { facts: refused.facts });
}

/** Throws every blocker of a filing as one problem, named after the first. */
export function refuseBlocked(blockers: readonly Blocker[]): void {
  const first = blockers[0];
  if (!first) return;
  const errors = blockers.flatMap((one) => (one.pointer ? [{ pointer: one.pointer, code: one.code, detail: blockerWords(one) }] : []));
  throw new Problem(first.code, { blockers: blockers.map(blockerView), ...(errors.length > 0 ? { errors } : {}) });
}
