import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { certificateByNumber, certificateOf, type CertificateOfNumber } from '../certificates/certificates.store.js';
import { majorsInForce } from '../code-sets/catalogues.store.js';
import { CERTIFICATES } from '../domain/dossier/certificate.js';
import { maskDocument, normaliseDocumentNumber, normaliseName } from '../domain/dossier/id-document.js';
import { dateOf } from '../domain/working-days.js';
import { indexOf } from '../dossier/person.js';
import { presentIdentity } from '../dossier/personal.store.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { CHALLENGE, type Challenge } from './challenge.js';
import { codeHash } from './code-hash.js';
import { VerificationLimits } from './verification-limits.js';
import type { VerificationQuestion, VerificationView, VerifiedView } from './verifications.dto.js';
import { enrolmentFor, matchingCode, recordUse, type FoundCode } from './verifications.store.js';

/** One answer for all that is no match. */
const NO_MATCH: VerificationView = { match: false, shown: null };
/** Milliseconds that every answer without a match takes at least: what the statements take varies by less. */
const FLOOR = 60;

/** Anybody verifies what a student says (Art 23, R-28), and nobody learns anything else. */
@Injectable()
export class Verifications {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly limits: VerificationLimits,
    @Inject(CHALLENGE) private readonly challenge: Challenge,
  ) {}

  /** @throws Problem code-or-numbers, challenge-failed, too-many-requests: each says nothing of what is on record */
  async verify(asked: VerificationQuestion, address: string): Promise<VerificationView> {
    const began = performance.now();
    if (!asked.code === !(asked.certificateNumber && asked.documentNumber)) throw new Problem('code-or-numbers');
    if (!(await this.challenge.passes(asked.challenge, address))) throw new Problem('challenge-failed');
    await this.limits.count(asked);
    const shown = await inScope(this.db, 'system', (tx) => this.shown(tx, asked));
    if (shown) return { match: true, shown };
    await sleep(Math.max(0, FLOOR - (performance.now() - began)));
    return NO_MATCH;
  }

  /** Codes and certificates are both looked up, whichever was asked for, so that the same work is done. */
  private async shown(tx: Transaction, asked: VerificationQuestion): Promise<VerifiedView | undefined> {
    const at = new Date(this.clock.now());
    const name = normaliseName(asked.name);
    const code = await matchingCode(tx, codeHash(this.cipher, asked.code ?? ''), indexOf.name(this.cipher, name), at);
    const certificate = await certificateByNumber(tx, this.cipher, normaliseDocumentNumber(asked.certificateNumber ?? ''));
    const document = normaliseDocumentNumber(asked.documentNumber ?? '');
    const found = code ? await this.byCode(tx, code, at) : certificate && verifiedBy(certificate, { name, document }, at);
    if (found) await recordUse(tx, { studentId: found.studentId, codeId: code?.id ?? null, purpose: found.shown.purpose, at });
    return found?.shown;
  }

  private async byCode(tx: Transaction, { studentId, purpose }: FoundCode, at: Date): Promise<Found | undefined> {
    const certificate = purpose === 'graduation' ? await certificateOf(tx, this.cipher, studentId) : undefined;
    if (certificate) return { studentId, shown: shownBy(certificate, at) };
    const enrolment = await enrolmentFor(tx, studentId, purpose);
    const identity = enrolment && (await presentIdentity(tx, this.cipher, studentId));
    if (!identity) return undefined;
    const { majorCode, ...rest } = enrolment;
    const major = majorCode === null ? undefined : (await majorsInForce(tx)).get(majorCode)?.zh;
    const { name, sex, documentNumber } = identity;
    const shown = { purpose, name, sex, documentNumber: maskDocument(documentNumber), ...rest, major: major ?? majorCode };
    return { studentId, shown: { ...shown, certificate: null, asOf: dateOf(at.getTime()) } };
  }
}

interface Found {
  readonly studentId: string;
  readonly shown: VerifiedView;
}

/** Name and document must be those on the paper. A misprint that was voided is none. */
function verifiedBy(certificate: CertificateOfNumber, asked: { name: string; document: string }, at: Date): Found | undefined {
  const { says, state, studentId } = certificate;
  if (state === 'void' || says.name !== asked.name || says.documentNumber !== asked.document) return undefined;
  return { studentId, shown: shownBy(certificate, at) };
}

const shownBy = ({ kind, state, says }: CertificateOfNumber, at: Date): VerifiedView => ({
  purpose: kind === 'studying' ? 'enrolment' : 'graduation',
  name: says.name,
  sex: says.sex,
  documentNumber: maskDocument(says.documentNumber),
  school: says.school.name,
  major: says.major,
  studyMode: says.studyMode,
  lengthYears: says.lengthYears,
  enrolledOn: says.enrolledOn,
  state: CERTIFICATES[kind].of,
  leavingOn: says.leftOn ?? says.expectedLeavingOn,
  certificate: { kind, number: says.number, state, issuedOn: says.issuedOn, issuer: says.issuer.name },
  asOf: dateOf(at.getTime()),
});
