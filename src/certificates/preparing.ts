import {
  certificateBlockers,
  CERTIFICATES,
  printedTexts,
  type CertificateKind,
  type CertificateSays,
} from '../domain/dossier/certificate.js';
import { factsOn } from '../domain/dossier/personal-facts.js';
import { holds, type Actor, type Office } from '../domain/offices.js';
import type { Blocker } from '../domain/refusal.js';
import { dateOf } from '../domain/working-days.js';
import { majorsInForce } from '../code-sets/catalogues.store.js';
import { presentIdentity, statementsOf } from '../dossier/personal.store.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import type { LedgerDeps } from '../platform/ledger/streams.js';
import { certifiedEnrolment, type CertifiedEnrolment } from './certified.store.js';
import { lostCertificate } from './certificates.store.js';
import { PolicyStore } from '../policies/policies.store.js';
import { photographOf, type Photograph } from './photographs.js';

const policies = new PolicyStore();

export interface CertificateDeps extends LedgerDeps {
  /** The address by which the public reaches this system; the QR code opens it. */
  readonly publicUrl: string;
}

/** What is asked for: a certificate of a kind for a student. */
export interface CertificateAsked {
  readonly kind: CertificateKind;
  readonly studentId: string;
  /** The picture; by default that of the dossier. */
  readonly photographId?: string;
  /** Of 在读证明; by default Chinese. */
  readonly language?: 'zh' | 'en';
  /** Of 学历证明书: the declaration of loss. */
  readonly loss?: { readonly declaredOn: string; readonly statement: string };
}

/** Its id, its number and the salt are given last. */
type Said = Omit<CertificateSays, 'certificateId' | 'number' | 'salt'>;

export interface PreparedCertificate {
  readonly enrolmentId: string;
  readonly blockers: readonly Blocker[];
  readonly photograph?: Photograph;
  readonly divisionCode: string;
  readonly office: Office;
  readonly says: Said;
}

/** What would be issued, with all that stands against it. @throws Problem not-found, not-your-office, photograph-not-usable */
export async function prepareCertificate(
  tx: Transaction,
  deps: CertificateDeps,
  actor: Actor,
  asked: CertificateAsked,
): Promise<PreparedCertificate> {
  const { kind, studentId } = asked;
  const enrolment = await certifiedEnrolment(tx, studentId, kind, dateOf(deps.clock.now()));
  if (!enrolment) throw new Problem('not-found');
  const issuing = issuerOf(kind, enrolment);
  if (!holds(actor, issuing.office, issuing.issuer.id)) throw new Problem('not-your-office');
  const { said, photograph, lost } = await saidOf(tx, deps, actor, { asked, enrolment, issuer: issuing.issuer });
  // Loaded when first asked for: fonts would weigh on every process.
  const { unprintableIn } = await import('../platform/printing.js');
  const { discontinuedMonths } = await policies.inForce(
    tx,
    enrolment.provinceId ?? undefined,
    enrolment.leftOn ?? dateOf(deps.clock.now()),
  );
  const blockers = certificateBlockers({
    ...enrolment,
    discontinuedMonths,
    kind,
    studentNumber: said.studentNumber,
    major: said.major || undefined,
    photograph: photograph !== undefined,
    head: said.head,
    issued: enrolment.issued !== null,
    keptAtSchool: lost?.handedOver === false,
    unprintable: unprintableIn('serif', printedTexts(said)),
  });
  const { divisionCode, office } = issuing;
  return { enrolmentId: enrolment.enrolmentId, blockers, photograph, divisionCode, office, says: said };
}

/** In whose name a kind is issued, and in which office. @throws Problem not-found where no authority stands over the school */
function issuerOf(kind: CertificateKind, { school, divisionCode, authority }: CertifiedEnrolment) {
  if (CERTIFICATES[kind].issuedBy === 'school') return { issuer: school, divisionCode, office: 'schoolClerk' as const };
  if (!authority) throw new Problem('not-found');
  const { divisionCode: division, ...issuer } = authority;
  return { issuer, divisionCode: division, office: 'authorityReviewer' as const };
}

async function saidOf(
  tx: Transaction,
  { clock, cipher, publicUrl }: CertificateDeps,
  actor: Actor,
  { asked, enrolment, issuer }: { asked: CertificateAsked; enrolment: CertifiedEnrolment; issuer: Said['issuer'] },
): Promise<{ said: Said; photograph?: Photograph; lost?: { readonly handedOver: boolean } }> {
  const { kind, studentId, language = 'zh' } = asked;
  const today = dateOf(clock.now());
  const identity = await presentIdentity(tx, cipher, studentId);
  if (!identity) throw new Problem('not-found');
  const facts = factsOn(await statementsOf(tx, cipher, studentId), today);
  const factOf = (name: string) => facts.find(({ fact }) => fact === name)?.value;
  const lost = kind === 'attestation' ? await lostCertificate(tx, cipher, enrolment.enrolmentId) : undefined;
  const kept = lost?.photographId ?? factOf('photograph');
  const photograph = await photographOf(tx, actor, { named: asked.photographId, kept, now: clock.now() });
  const major = enrolment.majorCode === null ? undefined : (await majorsInForce(tx)).get(enrolment.majorCode)?.zh;
  const ownHead = CERTIFICATES[kind].issuedBy === 'school' ? enrolment.head : null;
  const { enrolledOn, leftOn, expectedLeavingOn, since, majorCode, majorDirection, lengthYears, studyMode, school } = enrolment;
  const said: Said = {
    ...identity,
    namePinyin: language === 'en' ? factOf('namePinyin') : undefined,
    enrolledOn,
    leftOn,
    expectedLeavingOn,
    since,
    majorDirection,
    lengthYears,
    studyMode,
    school,
    majorCode: majorCode ?? '',
    major: major ?? '',
    // A lost certificate said what it said: its attestation says the same, whatever was corrected since.
    ...lost?.says,
    kind,
    language,
    issuer,
    head: ownHead ?? undefined,
    issuedOn: kind === 'graduation' || kind === 'completion' ? since : today,
    photograph: photograph?.sha256,
    inPlaceOf: lost?.says.number,
    verifyAt: `${publicUrl}/verify`,
  };
  return { said, photograph, lost };
}
