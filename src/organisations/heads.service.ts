import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Words } from '../domain/messages/words.js';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { IsNull, MoreThan, type DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { addDays, dateOf } from '../domain/working-days.js';
import { appendNext } from '../platform/ledger/streams.js';
import { newId } from '../platform/ledger/new-id.js';
import { administratorOf, mustSeeOrganisation } from './administrator.js';
import { Head } from './head.entity.js';
import type { HeadView, SetHead } from './heads.dto.js';

const view = ({ id, displayName, heldFrom, heldTo }: Head): HeadView => ({ id, displayName, from: heldFrom, to: heldTo });

const wrong = (pointer: string, detail: Words): Problem => new Problem('invalid-input', { errors: [{ pointer, detail }] });

/**
 * Each organisation's head 负责人, dated (A18, Art 26): one at a time, without a gap. An act keeps the head of its day, so a head that follows
 * another begins today or later.
 */
@Injectable()
export class Heads {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly once: OnceOnly,
  ) {}

  /** All heads, the latest first. */
  list(caller: Caller, organisationId: string): Promise<HeadView[]> {
    return inScope(this.db, caller, async (tx) => {
      await mustSeeOrganisation(tx, caller, organisationId);
      return (await tx.of(Head).find({ where: { organisationId }, order: { heldFrom: 'DESC' } })).map(view);
    });
  }

  /** @throws Problem head-overlap when a head begins on that day or later already */
  async set(caller: Caller, keyed: KeyedRequest, organisationId: string, body: SetHead): Promise<HeadView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { by } = await administratorOf(tx, actor, organisationId);
      const today = dateOf(this.clock.now());
      const { displayName, from = today, to = null } = body;
      if (to !== null && to < from) throw wrong('/to', FIELD_FAULTS.beforeFrom);
      await this.mustFollow(tx, organisationId, from, today);
      const id = newId();
      const heads = tx.of(Head);
      const before = addDays(from, -1);
      await heads.update(
        [
          { organisationId, heldTo: IsNull() },
          { organisationId, heldTo: MoreThan(before) },
        ],
        { heldTo: before },
      );
      await heads.insert({ id, organisationId, displayName, heldFrom: from, heldTo: to, setBy: actor.personId });
      await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', organisationId, {
        kind: 'headSet',
        by,
        body: { headId: id, from, to },
        texts: { displayName },
      });
      return { id, displayName, from, to };
    });
    return answer;
  }

  private async mustFollow(tx: Transaction, organisationId: string, from: string, today: string): Promise<void> {
    const last = await tx.of(Head).findOne({ where: { organisationId }, order: { heldFrom: 'DESC' } });
    if (!last) return;
    if (from < today) throw wrong('/from', FIELD_FAULTS.headStaysOnActs);
    if (from <= last.heldFrom) throw new Problem('head-overlap');
  }
}
