import type { Blocker, Refusal } from '../../domain/refusal.js';
import { blockerText, textOf } from '../../domain/refusal.js';
import { remedyOf, statusOf, type MessageCode } from '../../domain/messages/messages.js';

/** A field that is wrong, by JSON pointer. */
export interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
}

interface More {
  readonly detail?: string;
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

/** What an answer says of a problem, of a request and of one item of a batch alike. */
export const problemView = ({ code, status, more: { detail, errors, blockers, facts, retryAfterSeconds } }: Problem) => ({
  type: `/problems/${code}`,
  title: textOf(code),
  status,
  detail: detail ?? remedyOf(code) ?? textOf(code),
  code,
  ...(errors ? { errors } : {}),
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
}

export const blockerView = (one: Blocker): BlockerView => ({
  code: one.code,
  message: blockerText(one),
  owner: one.owner,
  remedy: remedyOf(one.code) ?? '',
  ...(one.pointer === undefined ? {} : { pointer: one.pointer }),
  ...(one.item ? { item: one.item.id } : {}),
});

/** Throws what the domain refused. */
export function refuse(refused: Refusal | undefined): void {
  if (refused) throw new Problem(refused.code, { facts: refused.facts });
}

/** Throws every blocker of a filing as one problem, named after the first. */
export function refuseBlocked(blockers: readonly Blocker[]): void {
  const first = blockers[0];
  if (!first) return;
  const errors = blockers.flatMap((one) => (one.pointer ? [{ pointer: one.pointer, detail: blockerText(one) }] : []));
  throw new Problem(first.code, { blockers: blockers.map(blockerView), ...(errors.length > 0 ? { errors } : {}) });
}
