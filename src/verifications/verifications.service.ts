import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { maskDocument, normaliseName } from '../domain/dossier/id-document.js';
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
import { matchingCode, enrolmentFor, recordUse, type FoundCode } from './verifications.store.js';

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
    const now = new Date(this.clock.now());
    const name = normaliseName(asked.name);
    const found = await matchingCode(tx, codeHash(this.cipher, asked.code ?? ''), indexOf.name(this.cipher, name), now);
    return found && this.byCode(tx, found, now);
  }

  private async byCode(tx: Transaction, { id, studentId, purpose }: FoundCode, now: Date): Promise<VerifiedView | undefined> {
    const enrolment = await enrolmentFor(tx, studentId, purpose);
    const identity = enrolment && (await presentIdentity(tx, this.cipher, studentId));
    if (!identity) return undefined;
    await recordUse(tx, { studentId, codeId: id, purpose, at: now });
    const { majorCode, major, ...rest } = enrolment;
    return {
      purpose,
      name: identity.name,
      sex: identity.sex,
      documentNumber: maskDocument(identity.documentNumber),
      ...rest,
      major: major ?? majorCode,
      certificateNumber: null,
      asOf: dateOf(now.getTime()),
    };
  }
}
