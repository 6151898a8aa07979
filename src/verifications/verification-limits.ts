import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { normaliseDocumentNumber } from '../domain/dossier/id-document.js';
import { SPEND, type Spent } from '../platform/access/spend.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { lookUp } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { codeHash } from './code-hash.js';
import type { VerificationQuestion } from './verifications.dto.js';

/** Verifications a minute of one address, by the API and by the page together. */
export const OF_AN_ADDRESS = { address: 60 };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Questions an hour about one certificate, or by one code: who guesses the name or the document gets no further. */
const OF_ONE = 20;
/** All questions together. */
const ALL = '00000000-0000-0000-0000-000000000000';

const ADD = SPEND('$1', '$2', '$3', '1');

/** How often anybody may verify: in all a minute, and of one certificate or code an hour, over all processes of the API. */
@Injectable()
export class VerificationLimits {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    private readonly cipher: FieldCipher,
  ) {}

  /** Counts by what was asked, known here or not, so that nobody learns from a limit whether it is. @throws Problem too-many-requests */
  async count(asked: VerificationQuestion): Promise<void> {
    await this.spend(ALL, 'verifications', MINUTE, this.config.verificationsPerMinute);
    await this.spend(this.idOf(asked), 'verificationsOfOne', HOUR, OF_ONE);
  }

  private async spend(holder: string, what: string, window: number, most: number): Promise<void> {
    const now = this.clock.now();
    const since = now - (now % window);
    const [spent] = await lookUp<Spent>(this.db, 'system', ADD, [[holder], what, new Date(since)]);
    if (Number(spent?.n) > most) throw new Problem('too-many-requests', { retryAfterSeconds: Math.ceil((since + window - now) / 1000) });
  }

  /** A keyed digest of the code or the certificate's number, in the form of an id. */
  private idOf({ code, certificateNumber = '' }: VerificationQuestion): string {
    const digest = code ? codeHash(this.cipher, code) : this.cipher.index('certificateAsked', normaliseDocumentNumber(certificateNumber));
    return digest.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
}
