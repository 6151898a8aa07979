export const JOB_STATES = ['running', 'done', 'failed'] as const;

/** What was wrong with a job, or with one thing in it. */
export class JobFaultView {
  /** What it is about, in what was asked for or by an id; empty for the whole. @example /studentId/0197f9a3-1c51-7cc2-8a4e-1b1f6f0a9d11 */
  pointer: string;
  /** @example certificate-fields-missing */
  code: string;
  detail: string;
}

/** The file that a job has made. */
export class JobFileView {
  /** @example certificates.zip */
  name: string;
  /** @example application/zip */
  type: string;
}

/** A job: what takes longer than an answer may. It survives the death of every process, and is kept for a week after its end. */
export class JobView {
  id: string;
  /** @example certificateArchive */
  kind: string;
  state: (typeof JOB_STATES)[number];
  /** How much is done, from 0 to 1. @example 0.35 */
  progress: number;
  startedAt: string;
  endedAt: string | null;
  /** Counts and ids of what came of it, by kind; null until the end. */
  result: Record<string, unknown> | null;
  /** At most a thousand; a job that failed has at least one. */
  faults: JobFaultView[];
  /** To be downloaded at `/jobs/:id/file` when the job is done; null where there is none. */
  file: JobFileView | null;
}

export class JobPage {
  items: JobView[];
  nextCursor: string | null;
}
