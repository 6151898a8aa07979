import { returnedWithReasons, type BatchEffect, type Returned } from '../cases/batches.js';
import type { Review } from '../dossier/registration.entity.js';
import { registerReady } from '../dossier/registering.js';
import { rowsJson } from '../platform/database/insert-rows.js';
import { reasonPlace } from './intakes.views.js';

/** Rows of one transaction. */
const AT_ONCE = 200;

interface Row {
  readonly id: string;
  readonly studentId: string;
  readonly state: string;
}

const NEXT = `
  select g.id, g.student_id as "studentId" from registration g where g.request_id = $1 and g.review is null order by g.id limit ${AT_ONCE}`;

/**
 * The next rows of an intake that both reviews decided (Art 9, R-09). Returned rows keep the reason. What is no longer pending is held back
 * with its cause. Each other row is approved, and registered under its formal number once its identity is authenticated.
 */
export const reviewNextRows: BatchEffect = async (tx, deps, loaded) => {
  const { id: requestId } = loaded.request;
  const next = await tx.query<Omit<Row, 'state'>[]>(NEXT, [requestId]);
  if (next.length === 0) return 'done';
  const students = next.map(({ studentId }) => studentId);
  await tx.query('select 1 from student where id = any($1::uuid[]) order by id for update', [students]);
  const rows = await tx.query<Row[]>(
    `select g.id, g.student_id as "studentId", e.state from registration g join enrolment e on e.id = g.enrolment_id
     where g.id = any($1::uuid[]) and g.request_id = $2 and g.review is null order by g.id`,
    [next.map(({ id }) => id), requestId],
  );
  const returned = await returnedWithReasons(tx, deps.cipher, loaded);
  const reviewed = rows.map((row) => ({ id: row.id, ...reviewOf(row, returned.get(row.id)) }));
  await tx.query(
    `update registration g set review = n.review, review_step = n.review_step, review_reason = n.review_reason, cause = n.cause
     from jsonb_populate_recordset(null::registration, $1::jsonb) n where g.id = n.id and g.id = any($2::uuid[])`,
    [
      rowsJson(
        reviewed.map(({ reason, ...one }) => ({
          ...one,
          reviewReason: reason === null ? null : deps.cipher.encrypt(reason, reasonPlace(one.id)),
        })),
      ),
      reviewed.map(({ id }) => id),
    ],
  );
  await registerReady(
    tx,
    deps,
    rows.filter((_, i) => reviewed[i]?.review === 'approved').map(({ studentId }) => studentId),
  );
  return 'more';
};

interface Reviewed {
  readonly review: Review;
  readonly reviewStep: string | null;
  readonly reason: string | null;
  readonly cause: string | null;
}

/** What becomes of a row: a duplicate that was found meanwhile, or an end, is stronger than an approval. */
function reviewOf({ state }: Row, returned: Returned | undefined): Reviewed {
  if (returned) return { review: 'returned', reviewStep: returned.step, reason: returned.reason, cause: null };
  const cause = state === 'pending' ? null : state === 'heldDuplicate' ? 'possible-duplicate' : 'registration-ended';
  return { review: cause === null ? 'approved' : 'heldBack', reviewStep: null, reason: null, cause };
}
