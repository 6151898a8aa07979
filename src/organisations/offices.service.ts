import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { OnceOnly, type KeyedRequest } from '../api/idempotency.js';
import { Problem } from '../api/problem.js';
import { CLOCK, isoInShanghai, type Clock } from '../clock.js';
import { FieldCipher } from '../database/field-cipher.js';
import { inScope, type Transaction } from '../database/in-scope.js';
import { existsAt } from '../domain/offices.js';
import { append, headOf, type By } from '../ledger/streams.js';
import { newId } from '../requests/read-model.js';
import { administratorOf, mustSeeOrganisation } from './administrator.js';
import type { EndOffice, GrantOffice, OfficeHolderView } from './organisations.dto.js';

interface HolderRow {
  id: string;
  personId: string;
  displayName: string;
  office: string;
  heldFrom: Date;
  heldUntil: Date | null;
}

const HOLDERS = `select o.id, p.id as "personId", p.display_name as "displayName", o.office, o.held_from as "heldFrom", o.held_until as "heldUntil"
  from office o join person p on p.id = o.person_id`;

const view = (row: HolderRow): OfficeHolderView => ({
  ...row,
  heldFrom: isoInShanghai(row.heldFrom.getTime()),
  heldUntil: row.heldUntil && isoInShanghai(row.heldUntil.getTime()),
});

/** Offices are granted and ended with a record in the organisation's stream, by the administrator of the organisation's parent or of itself (A22). */
@Injectable()
export class Offices {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly once: OnceOnly,
  ) {}

  async holders(caller: Caller, organisationId: string): Promise<OfficeHolderView[]> {
    return inScope(this.db, caller, async (tx) => {
      await mustSeeOrganisation(tx, caller, organisationId);
      return (await tx.query<HolderRow[]>(`${HOLDERS} where o.organisation_id = $1 order by o.office, o.held_from`, [organisationId])).map(
        view,
      );
    });
  }

  async grant(
    caller: Caller,
    keyed: KeyedRequest,
    organisationId: string,
    { username, office, from }: GrantOffice,
  ): Promise<OfficeHolderView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { by, level } = await administratorOf(tx, actor, organisationId);
      if (!existsAt(office, level))
        throw new Problem('invalid-input', { errors: [{ pointer: '/office', detail: 'does not exist at this organisation' }] });
      const [person] = await tx.query<{ id: string }[]>('select id from person where username = $1 and disabled_at is null', [username]);
      if (!person) throw new Problem('invalid-input', { errors: [{ pointer: '/username', detail: 'is not a known person' }] });
      const id = newId();
      const heldFrom = from ? new Date(from) : new Date(this.clock.now());
      const made = await tx.query<unknown[]>(
        `insert into office (id, person_id, organisation_id, office, held_from, granted_by) values ($1,$2,$3,$4,$5,$6) on conflict do nothing returning 1`,
        [id, person.id, organisationId, office, heldFrom, actor.personId],
      );
      if (made.length === 0) throw new Problem('office-overlap');
      await this.act(tx, organisationId, {
        kind: 'granted',
        by,
        body: { officeId: id, personId: person.id, office, from: heldFrom.toISOString() },
      });
      return this.one(tx, id);
    });
    return answer;
  }

  async end(
    caller: Caller,
    keyed: KeyedRequest,
    { id: organisationId, officeId }: { id: string; officeId: string },
    { reason }: EndOffice,
  ): Promise<OfficeHolderView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { by } = await administratorOf(tx, actor, organisationId);
      const now = new Date(this.clock.now());
      const [held] = await tx.query<{ id: string }[]>(
        'select id from office where id = $1 and organisation_id = $2 and held_from < $3 and (held_until is null or held_until > $3) for update',
        [officeId, organisationId, now],
      );
      if (!held) throw new Problem('not-found');
      await tx.query('update office set held_until = $2 where id = $1', [officeId, now]);
      await this.act(tx, organisationId, { kind: 'ended', by, body: { officeId }, texts: { reason } });
      return this.one(tx, officeId);
    });
    return answer;
  }

  private async act(
    tx: Transaction,
    organisationId: string,
    act: { kind: string; by: By; body: object; texts?: Record<string, string> },
  ): Promise<void> {
    await append(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', organisationId, await headOf(tx, organisationId), act);
  }

  private async one(tx: Transaction, id: string): Promise<OfficeHolderView> {
    const [row] = await tx.query<HolderRow[]>(`${HOLDERS} where o.id = $1`, [id]);
    if (!row) throw new Problem('not-found');
    return view(row);
  }
}
