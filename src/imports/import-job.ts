import type { JobKind, RunningJob } from '../jobs/job-kind.js';
import type { LedgerDeps } from '../platform/ledger/streams.js';
import { applyNextRows } from './applying.js';

export const IMPORT_JOB = 'import';

interface Asked {
  readonly importId: string;
}

const COUNTS = `
  select count(*)::int as rows, count(*) filter (where state = 'waiting')::int as waiting,
    count(*) filter (where state = 'applied')::int as applied, count(*) filter (where state = 'held')::int as held,
    count(*) filter (where state = 'faulty')::int as faulty, count(*) filter (where state = 'known')::int as known
  from import_row where import_id = $1`;

interface Counts {
  readonly rows: number;
  readonly waiting: number;
  readonly applied: number;
  readonly held: number;
  readonly faulty: number;
  readonly known: number;
}

/** Applies what was signed off, a page of rows after another. */
export const importJob = (deps: LedgerDeps): JobKind => ({
  name: IMPORT_JOB,
  async page(tx, job) {
    const { importId } = (job as RunningJob<Asked>).params;
    const more = await applyNextRows(tx, deps, importId);
    const [counts] = await tx.query<[Counts]>(COUNTS, [importId]);
    const { rows, waiting, ...came } = counts;
    return more === 'done' ? { result: { importId, rows, ...came } } : { next: {}, progress: (rows - waiting) / rows };
  },
});
