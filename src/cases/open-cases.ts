import type { Transaction } from '../platform/database/in-scope.js';
import { insertRows } from '../platform/database/insert-rows.js';
import { numbered } from '../platform/database/numbered.js';
import { isProcessAct, type Act, type ActBody, type Application, type Proof } from '../domain/case/acts.js';
import { holdOf, newCase } from '../domain/case/case.js';
import { fold } from '../domain/case/fold.js';
import { isProcessing } from '../domain/case/next.js';
import type { Route } from '../domain/procedure/procedure.js';
import { appendFirst } from '../platform/ledger/streams.js';
import type { Signature } from '../platform/ledger/acted-by.js';
import type { CaseDeps } from './cases.store.js';
import { stepsView } from './read-model.js';

/** A case as its first act makes it. */
export interface NewCase {
  readonly id: string;
  readonly kind: string;
  readonly route: Route;
  readonly student: { readonly id: string; readonly maskedName: string };
  readonly details: Readonly<Record<string, unknown>>;
  readonly application: Application;
  readonly evidenceIds: readonly string[];
  readonly evidence?: readonly Proof[];
  readonly externalId?: string;
  readonly late?: true;
  readonly sourceSchoolId: string;
  readonly destinationSchoolId?: string;
  readonly seenBy: readonly string[];
  readonly by: Signature;
  /** The reason, and what of the details is personal. */
  readonly texts: Readonly<Record<string, string>>;
}

const NUMBER = numbered('change_request_number', 'filed_at');

/** Opens cases by their first acts, in three statements however many they are; their numbers, in the same order. */
export async function openCases(tx: Transaction, deps: CaseDeps, cases: readonly NewCase[]): Promise<string[]> {
  const now = deps.clock.now();
  const rows = cases.map((one) => rowOf(one, now));
  const numbered = await insertRows<{ id: string; number: string }>(tx, 'change_request', rows, {
    computed: { number: NUMBER },
    returning: 'id, number',
  });
  await appendFirst(
    tx,
    deps,
    'request',
    cases.map((one) => {
      const { kind, ...body } = filed(one);
      return { streamId: one.id, act: { kind, process: isProcessAct(kind), body, by: one.by, texts: one.texts } };
    }),
  );
  const numbers = new Map(numbered.map(({ id, number }) => [id, number]));
  return cases.map(({ id }) => numbers.get(id) ?? '');
}

const filed = ({ route, student, details, application, evidenceIds, evidence, late }: NewCase): ActBody => ({
  kind: 'filed',
  route,
  studentId: student.id,
  details,
  application,
  evidenceIds,
  ...(evidence ? { evidence } : {}),
  ...(late ? { late } : {}),
});

/** The read model of the first act: what a fold of it says (invariant 9). */
function rowOf(one: NewCase, now: number) {
  const { id, kind, route, student, details, application, evidenceIds, externalId, by, sourceSchoolId, destinationSchoolId, seenBy } = one;
  const act = { ...filed(one), seq: 1, at: now, by } as Act;
  const after = fold(newCase(route), act);
  return {
    id,
    kind,
    studentId: student.id,
    maskedName: student.maskedName,
    state: 'open',
    processing: isProcessing(after),
    hold: holdOf(after) ?? null,
    version: after.version,
    route,
    steps: stepsView(after),
    details,
    application,
    evidenceIds,
    externalId: externalId ?? null,
    filerId: by.personId,
    filerOrganisationId: route.filer.organisationId,
    sourceSchoolId,
    destinationSchoolId: destinationSchoolId ?? null,
    seenBy,
    filedAt: new Date(now),
    lastSeq: act.seq,
    lastProcessSeq: after.seen,
  };
}
