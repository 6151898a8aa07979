import { HttpException } from '@nestjs/common';
import type { Logger } from 'pino';
import { sqlState, violatedConstraint } from '../database/in-scope.js';
import type { MessageCode } from '../../domain/messages/messages.js';
import { NoThreadFree } from '../in-thread.js';
import { shownFailure } from '../log.js';
import { Problem, problemView } from './problem.js';

const BY_STATUS: Readonly<Record<number, MessageCode>> = {
  400: 'bad-request',
  401: 'unauthenticated',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
};
/** The problem code of a database failure. Any other failure is `internal`. */
const BY_SQL_STATE: Readonly<Record<string, MessageCode>> = {
  '53100': 'storage-full',
  ENOSPC: 'storage-full',
  EDQUOT: 'storage-full',
  '55P03': 'busy',
  '57014': 'busy',
  '53300': 'busy',
  '40001': 'busy',
  '40P01': 'busy',
  '22021': 'invalid-input', // a character that PostgreSQL cannot store
  '22P05': 'invalid-input',
  '22003': 'invalid-input', // a number or a date that it has not
  '22007': 'invalid-input',
  '22008': 'invalid-input',
};
/** What a unique index means to a client whom another overtook between the look and the writing. */
const BY_CONSTRAINT: Readonly<Record<string, MessageCode>> = {
  change_request_one_correction: 'change-already-open',
  change_request_one_open: 'change-already-open',
  change_request_one_death: 'change-already-open',
  student_document_index_key: 'document-in-use',
};
const CONNECTION = /^(08|57P)|^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT)$/;

/** What is told of whatever was thrown; never its message, which may quote what a person entered. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof HttpException) return new Problem(BY_STATUS[thrown.getStatus()] ?? 'bad-request');
  const refused = BY_CONSTRAINT[violatedConstraint(thrown) ?? ''];
  if (refused) return new Problem(refused);
  const state = sqlState(thrown) ?? '';
  if (BY_SQL_STATE[state]) return new Problem(BY_SQL_STATE[state]);
  if (CONNECTION.test(state) || isTimeout(thrown) || thrown instanceof NoThreadFree) return new Problem('busy');
  return expressProblem(thrown) ?? new Problem('internal');
}

const isTimeout = (thrown: unknown): boolean =>
  thrown instanceof Error && /timeout exceeded when trying to connect|Connection terminated/.test(thrown.message);

/** Failures of express and its body parsers carry a status of their own. */
function expressProblem(thrown: unknown): Problem | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('status' in thrown) || typeof thrown.status !== 'number') return undefined;
  return thrown.status < 500 ? new Problem(BY_STATUS[thrown.status] ?? 'bad-request') : undefined;
}

/** What is our fault is logged: its code, its name and where it happened. */
export function logFailure(log: Pick<Logger, 'error'>, { code, status }: Problem, thrown: unknown, traceId?: unknown): void {
  const shown = status === 500 ? shownFailure(thrown) : {};
  log.error({ ...shown, traceId, code, sqlState: sqlState(thrown) }, 'request failed');
}

/** What one item of many came to. */
export type FailureOutcome<T> =
  ({ readonly status: number } & T) | { readonly status: number; readonly problem: ReturnType<typeof problemView> };

/** Does the work of one item of many: whatever it meets, a failure of ours too, is that item's own and stops no other. */
export async function outcomeOf<T extends object>(log: Pick<Logger, 'error'>, work: () => Promise<T>): Promise<FailureOutcome<T>> {
  try {
    return { status: 200, ...(await work()) };
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status >= 500) logFailure(log, problem, error);
    return { status: problem.status, problem: problemView(problem) };
  }
}
