import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { addDays, dateOf } from '../domain/working-days.js';
import { append, tipOf } from '../platform/ledger/streams.js';
import { newId } from '../platform/ledger/new-id.js';
import { administratorOf, mustSeeOrganisation } from './administrator.js';
import type { HeadView, SetHead } from './heads.dto.js';

const HEADS = `select id, display_name as "displayName", to_char(held_from, 'YYYY-MM-DD') as "from", to_char(held_to, 'YYYY-MM-DD') as "to"
  from head`;

const wrong = (pointer: string, detail: string): Problem => new Problem('invalid-input', { errors: [{ pointer, detail }] });

/**
 * Each organisation's head 负责人, dated (A18, Art 26): one at a time, each following the one before. Who answers for an act is fixed when
 * the act is done, so a head that follows another begins today or later.
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
      return tx.query<HeadView[]>(`${HEADS} where organisation_id = $1 order by held_from desc`, [organisationId]);
    });
  }

  /** @throws Problem head-overlap when a head begins on that day or later already */
  async set(caller: Caller, keyed: KeyedRequest, organisationId: string, body: SetHead): Promise<HeadView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { by } = await administratorOf(tx, actor, organisationId);
      const today = dateOf(this.clock.now());
      const { displayName, from = today, to = null } = body;
      if (to !== null && to < from) throw wrong('/to', 'must not lie before from');
      await this.mustFollow(tx, organisationId, from, today);
      const id = newId();
      await tx.query('update head set held_to = $2 where organisation_id = $1 and (held_to is null or held_to > $2)', [
        organisationId,
        addDays(from, -1),
      ]);
      await tx.query('insert into head (id, organisation_id, display_name, held_from, held_to, set_by) values ($1,$2,$3,$4,$5,$6)', [
        id,
        organisationId,
        displayName,
        from,
        to,
        actor.personId,
      ]);
      await append(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', organisationId, await tipOf(tx, organisationId), {
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
    const [last] = await tx.query<HeadView[]>(`${HEADS} where organisation_id = $1 order by held_from desc limit 1`, [organisationId]);
    if (!last) return;
    if (from < today) throw wrong('/from', 'must not lie before today: past acts carry the head of their day');
    if (from <= last.from) throw new Problem('head-overlap');
  }
}
