import type { MessageCode } from '../domain/messages/messages.js';
import type { Transaction } from '../platform/database/in-scope.js';

/** What was wrong with one thing in a job, by JSON pointer. */
export interface JobFault {
  readonly pointer: string;
  readonly code: MessageCode;
}

/** A job as its kind sees it when a page begins. */
export interface RunningJob<Params = unknown, Cursor = unknown> {
  readonly id: string;
  readonly organisationId: string;
  /** In whose name it runs. The right was judged when it was started. */
  readonly startedBy: string;
  readonly params: Params;
  /** What the page before left; null for the first page. */
  readonly cursor: Cursor | null;
}

/** A part of the job's file. */
export interface FilePart {
  /** Its name inside an archive; left out where the parts are one file after the other. */
  readonly name?: string;
  readonly content: Buffer;
}

/** What a page has done. All of it commits together with the page's own writes. */
export interface JobPageDone<Cursor = unknown> {
  /** Where the next page begins; left out by the last page. */
  readonly next?: Cursor;
  /** From 0 to 1, of the whole. The last page may leave it out. */
  readonly progress?: number;
  readonly faults?: readonly JobFault[];
  readonly parts?: readonly FilePart[];
  /** Of the last page: counts and ids. */
  readonly result?: Readonly<Record<string, unknown>>;
}

/**
 * A kind of job. The worker asks for one page after another, until a page names no next. A page that throws a `Problem` ends the job with
 * that code. Another failure is tried again, with pauses. Ten in a row end the job.
 */
export interface JobKind<Params = unknown, Cursor = unknown, Prepared = unknown> {
  readonly name: string;
  /** What its file is called, and the media type; `application/zip` makes an archive of the parts. */
  readonly file?: { readonly name: string; readonly type: string };
  /** What takes time and no transaction, such as printing. It may run twice, so it writes nothing. */
  prepare?(job: RunningJob<Params, Cursor>): Promise<Prepared>;
  /** A page, in a transaction of its own that sees everything. A few seconds at most. */
  page(tx: Transaction, job: RunningJob<Params, Cursor>, prepared: Prepared): Promise<JobPageDone<Cursor>>;
}
