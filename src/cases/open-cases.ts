import { insertRows } from '../platform/database/insert-rows.js';
import { nextNumberSql } from '../platform/database/numbered.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { ActBody, Application, Proof } from '../domain/case/acts.js';
import type { Route } from '../domain/procedure/procedure.js';
import type { Signature } from '../platform/ledger/acted-by.js';
import { recordFirst, type CaseDeps } from './cases.store.js';
import { evidenceDigests, type EvidenceDigests } from './evidence-digests.js';
import { historyOf, rowsOf } from './rows.js';

/** A case as its first act makes it. */
export interface NewCase {
  readonly id: string;
  readonly kind: string;
  readonly route: Route;
  /** Left out where the case is about a batch. */
  readonly student?: { readonly id: string; readonly maskedName: string };
  readonly details: Readonly<Record<string, unknown>>;
  /** Who asked for the change; unknown when the filing does not say. */
  readonly application?: Application;
  readonly evidenceIds: readonly string[];
  readonly evidence?: readonly Proof[];
  readonly externalId?: string;
  readonly late?: true;
  readonly sourceSchoolId: string;
  readonly destinationSchoolId?: string;
  readonly seenBy: readonly string[];
  /** Absent where the process itself opens the case. */
  readonly by?: Signature;
  /** The reason, and what of the details is personal. */
  readonly texts: Readonly<Record<string, string>>;
}

/** A case that a person filed. */
export type CaseByPerson = NewCase & { readonly by: Signature; readonly student: NonNullable<NewCase['student']> };

const NUMBER = nextNumberSql('change_request_number', 'filed_at');

/** Opens cases by their first acts, in a few statements however many they are; their numbers, in the same order. */
export async function openCases(tx: Transaction, deps: CaseDeps, cases: readonly NewCase[]): Promise<string[]> {
  const now = deps.clock.now();
  const [numbered, digests = {}] = await Promise.all([
    insertRows<{ id: string; number: string }>(
      tx,
      'change_request',
      cases.map((one) => rowOf(one, now)),
      { computed: { number: NUMBER }, returning: 'id, number' },
    ),
    evidenceDigests(tx, [...new Set(cases.flatMap(({ evidenceIds }) => evidenceIds))]),
  ]);
  await recordFirst(
    tx,
    deps,
    cases.map((one) => ({ requestId: one.id, body: filed(one, digests), by: one.by, texts: one.texts })),
  );
  const numbers = new Map(numbered.map(({ id, number }) => [id, number]));
  return cases.map(({ id }) => numbers.get(id) ?? '');
}

const filed = ({ route, student, details, application, evidenceIds, evidence, late }: NewCase, digests: EvidenceDigests = {}): ActBody => ({
  kind: 'filed',
  route,
  ...(student ? { studentId: student.id } : {}),
  details,
  ...(application ? { application } : {}),
  evidenceIds,
  ...(evidenceIds.length > 0 ? { evidenceDigests: ofThese(digests, evidenceIds) } : {}),
  ...(evidence ? { evidence } : {}),
  ...(late ? { late } : {}),
});

const ofThese = (digests: EvidenceDigests, ids: readonly string[]): EvidenceDigests =>
  Object.fromEntries(Object.entries(digests).filter(([id]) => ids.includes(id)));

/** The row of a request as its first act makes it: what the filing says once, and what `rowsOf` says of every act. */
function rowOf(one: NewCase, now: number) {
  const { id, kind, route, student, details, application, externalId, by, sourceSchoolId, destinationSchoolId, seenBy } = one;
  const { request } = rowsOf(id, historyOf([{ ...filed(one), seq: 1, at: now, by }]));
  return {
    id,
    kind,
    studentId: student?.id ?? null,
    maskedName: student?.maskedName ?? null,
    route,
    details,
    application: application ?? null,
    externalId: externalId ?? null,
    filerId: by?.personId ?? null,
    filerOrganisationId: route.filer.organisationId,
    sourceSchoolId,
    destinationSchoolId: destinationSchoolId ?? null,
    seenBy,
    filedAt: new Date(now),
    ...request,
  };
}
