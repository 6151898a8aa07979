import type { Act, Placement } from '../domain/acts.js';
import { handoverOf } from '../domain/handover.js';
import { stateAfter, type EnrolmentState } from '../domain/dossier.js';
import type { Kind } from '../domain/procedure.js';
import { dateOf } from '../domain/working-days.js';
import type { Transaction } from '../database/in-scope.js';
import { append, headOf } from '../ledger/streams.js';
import { asAct, type CaseDeps, type LoadedCase } from '../requests/case-store.js';
import { newId } from '../requests/read-model.js';

type Effect = { effectiveOn: string } | { cause: 'student-not-at-source-school' | 'illegal-transition' | 'destination-school-closed' };

interface Held {
  id: string;
  schoolId: string;
  state: EnrolmentState;
  validFrom: string;
}

/**
 * The effect of a transfer (Art 14): closes the source enrolment, opens the destination's with the placement, unless that school keeps
 * its register outside (A23), joins the evidence to the dossier, records the notices to both provinces and the student's own act
 * with the hand-over, if there is one. The student number is not touched. The caller's
 * transaction holds the request's row; a cause instead of an effect means that nothing was written.
 */
export async function applyTransfer(tx: Transaction, deps: CaseDeps, loaded: LoadedCase): Promise<Effect> {
  const { request, state } = loaded;
  const { parties } = state.route;
  await tx.query('select 1 from student where id = $1 for update', [request.studentId]);
  const [held]: Held[] = await tx.query(
    `select id, school_id as "schoolId", state, to_char(valid_from, 'YYYY-MM-DD') as "validFrom" from enrolment where student_id = $1 and state in ('active','suspended')`,
    [request.studentId],
  );
  if (held?.schoolId !== parties.sourceSchool) return { cause: 'student-not-at-source-school' };
  const leftAs = stateAfter(request.kind as Kind, held.state);
  if (!leftAs) return { cause: 'illegal-transition' };
  const [open]: unknown[] = await tx.query('select 1 from organisation where id = $1 and (closed_on is null or closed_on > $2::date)', [
    parties.destinationSchool,
    dateOf(deps.clock.now()),
  ]);
  if (!open) return { cause: 'destination-school-closed' };
  const placement = placementOf(loaded);
  const asked = dateIn(request.details.effectiveOn) ?? placement.firstDay ?? dateOf(deps.clock.now());
  // An enrolment that begins in the future may be left before it has begun, never before its beginning: the new one is always the later.
  const effectiveOn = asked < held.validFrom ? held.validFrom : asked;
  await move(tx, deps, loaded, { held, leftAs, placement, effectiveOn });
  return { effectiveOn };
}

const dateIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The placement that the destination school gave when it approved; what it left out keeps the student's present value. */
function placementOf({ acts }: LoadedCase): Placement {
  const bodies = acts.filter(({ kind }) => kind === 'decided').map(({ body }) => body as Extract<Act, { kind: 'decided' }>);
  return bodies.findLast((body) => body.verdict === 'approve' && body.data?.placement)?.data?.placement ?? {};
}

async function move(
  tx: Transaction,
  deps: CaseDeps,
  { request, acts, state }: LoadedCase,
  { held, leftAs, placement, effectiveOn }: { held: Held; leftAs: EnrolmentState; placement: Placement; effectiveOn: string },
): Promise<void> {
  const now = new Date(deps.clock.now());
  const { parties, noticesTo } = state.route;
  const handover = handoverOf(state.route, acts.map(asAct));
  await tx.query('update enrolment set state = $2, valid_to = $3, closed_by = $4 where id = $1', [
    held.id,
    leftAs,
    effectiveOn,
    request.id,
  ]);
  const opened = handover?.direction === 'out' ? undefined : newId(); // a school outside keeps its own register
  if (opened)
    await tx.query(
      `insert into enrolment (id, student_id, school_id, state, major_code, grade, class_name, study_mode, length_years, enrolled_on, expected_leaving_on,
       valid_from, recorded_at, opened_by)
     select $2, student_id, $3, 'active', coalesce($4, major_code), coalesce($5, grade), $6, study_mode, length_years, enrolled_on, expected_leaving_on, $7, $8, $9
     from enrolment where id = $1`,
      [
        held.id,
        opened,
        parties.destinationSchool,
        placement.majorCode ?? null,
        placement.grade ?? null,
        placement.className ?? null,
        effectiveOn,
        now,
        request.id,
      ],
    );
  await tx.query(
    `insert into dossier_evidence (student_id, evidence_id, request_id, joined_at) select $1, unnest($2::uuid[]), $3, $4 on conflict do nothing`,
    [request.studentId, request.evidenceIds, request.id, now],
  );
  if (noticesTo.length > 0)
    await tx.query(
      `insert into filing_notice (request_id, from_school_id, to_province_id, recorded_at)
       select $1, school, province, $4 from unnest($2::uuid[]) as school, unnest($3::uuid[]) as province`,
      [request.id, [parties.sourceSchool, parties.destinationSchool], noticesTo, now],
    );
  await tx.query('update student set changed_at = $2 where id = $1', [request.studentId, now]);
  const body = {
    requestId: request.id,
    closedEnrolment: held.id,
    ...(opened ? { openedEnrolment: opened } : {}),
    effectiveOn,
    from: parties.sourceSchool,
    to: parties.destinationSchool,
    ...(handover ? { handover } : {}),
  };
  await append(tx, deps, 'student', request.studentId, await headOf(tx, request.studentId), {
    kind: request.kind,
    key: `effected:${request.id}`,
    body,
  });
}
