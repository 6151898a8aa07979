import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Words } from '../domain/messages/words.js';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { IsNull, LessThan, MoreThan, type DataSource } from 'typeorm';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { holds, type Actor } from '../domain/offices.js';
import { dateOf, instantOf } from '../domain/working-days.js';
import { appendNext } from '../platform/ledger/streams.js';
import { ORGANISATION_NAME } from './organisations.store.js';
import { HOLDS_OFFICE_AT } from '../platform/access/offices.sql.js';
import { IS_PERSON } from '../platform/access/service-account.sql.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { newId } from '../platform/ledger/new-id.js';
import type { Caller } from '../platform/access/caller.js';
import { Proxy } from './proxy.entity.js';
import type { EndProxy, GrantProxy, ProxyList, ProxyView } from './proxies.dto.js';

type Row = Omit<ProxyView, 'from' | 'until' | 'endedAt'> & { from: Date; until: Date; endedAt: Date | null };

const PERSON = (p: string): string => `jsonb_build_object('id', ${p}.id, 'displayName', ${p}.display_name)`;
const ROWS = `select x.id, ${PERSON('a')} as principal, ${PERSON('b')} as proxy, x.office, ${ORGANISATION_NAME('o')} as organisation,
  x.kinds,
    x.valid_from as "from", x.valid_until as until, x.ended_at as "endedAt"
  from proxy x join person a on a.id = x.principal_id join person b on b.id = x.proxy_id join organisation o on o.id = x.organisation_id`;

const view = (row: Row): ProxyView => ({
  ...row,
  from: isoInShanghai(row.from.getTime()),
  until: isoInShanghai(row.until.getTime()),
  endedAt: row.endedAt && isoInShanghai(row.endedAt.getTime()),
});

/** Standing proxies 代理 for an absence: each grant and end is an act of the organisation. */
@Injectable()
export class Proxies {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly once: OnceOnly,
  ) {}

  async grant(caller: Caller, keyed: KeyedRequest, body: GrantProxy): Promise<ProxyView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { office, organisationId, kinds = null, reason } = body;
      if (!holds(actor, office, organisationId)) throw new Problem('not-your-office');
      await tx.query('select 1 from organisation where id = $1 for update', [organisationId]);
      const proxyId = await this.standIn(tx, actor, body);
      const { from, until } = termOf(body, this.clock.now());
      await mustBeFree(tx, actor, body, from, until);
      const id = newId();
      await tx.of(Proxy).insert({
        id,
        principalId: actor.personId,
        proxyId,
        office,
        organisationId,
        kinds,
        validFrom: from,
        validUntil: until,
        createdAt: new Date(this.clock.now()),
      });
      const granted = { proxyId: id, personId: proxyId, office, kinds, from: from.toISOString(), until: until.toISOString() };
      await this.act(tx, actor, { office, organisationId }, 'proxyGranted', granted, reason);
      return one(tx, id);
    });
    return answer;
  }

  async end(caller: Caller, keyed: KeyedRequest, id: string, { reason }: EndProxy): Promise<ProxyView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const now = new Date(this.clock.now());
      const [found] = await tx.query<{ office: GrantProxy['office']; organisationId: string }[]>(
        `select x.office, x.organisation_id as "organisationId" from proxy x join organisation o on o.id = x.organisation_id
         where x.id = $1 and x.principal_id = $2 and x.ended_at is null and x.valid_until > $3 for update of o`,
        [id, actor.personId, now],
      );
      const ended = found && (await tx.of(Proxy).update({ id, endedAt: IsNull() }, { endedAt: now }));
      if (!found || !ended?.affected) throw new Problem('not-found');
      await this.act(tx, actor, found, 'proxyEnded', { proxyId: id }, reason);
      return one(tx, id);
    });
    return answer;
  }

  list(caller: Caller): Promise<ProxyList> {
    return inScope(this.db, caller, async (tx) => ({
      items: (
        await tx.query<Row[]>(`${ROWS} where x.principal_id = $1 or x.proxy_id = $1 order by x.created_at desc, x.id desc limit 200`, [
          caller.personId,
        ])
      ).map(view),
    }));
  }

  /**
   * Somebody else with an office at the same organisation. An administrator's own does not count, because a second
   * one confirms who reviews.
   * @throws Problem not-an-office-holder, not-yours-to-delegate
   */
  private async standIn(tx: Transaction, { personId }: Actor, { username, organisationId }: GrantProxy): Promise<string> {
    const [person] = await tx.query<{ id: string }[]>(
      `select p.id from person p where p.username = $1 and ${IS_PERSON('p')}
         and exists (select 1 from office o where o.person_id = p.id and o.organisation_id = $2 and o.office <> 'orgAdmin'
           and ${HOLDS_OFFICE_AT('o', '$3')})`,
      [username, organisationId, new Date(this.clock.now())],
    );
    if (!person) throw new Problem('not-an-office-holder', { errors: [{ pointer: '/username', detail: FIELD_FAULTS.holdsNoOffice }] });
    if (person.id === personId)
      throw new Problem('not-yours-to-delegate', { errors: [{ pointer: '/username', detail: FIELD_FAULTS.yourself }] });
    return person.id;
  }

  private async act(
    tx: Transaction,
    actor: Actor,
    at: Pick<GrantProxy, 'office' | 'organisationId'>,
    kind: string,
    body: object,
    reason: string,
  ): Promise<void> {
    const { organisationId } = at;
    const act = { kind, by: actedBy(actor, at), body, texts: { reason } };
    await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', organisationId, act);
  }
}

const wrong = (pointer: string, detail: Words): Problem => new Problem('invalid-input', { errors: [{ pointer, detail }] });

/** From today on: what was done before was done without it. @throws Problem invalid-input */
function termOf(body: GrantProxy, now: number): { from: Date; until: Date } {
  const from = new Date(body.from ?? now);
  const until = new Date(body.until);
  if (from.getTime() < instantOf(dateOf(now))) throw wrong('/from', FIELD_FAULTS.beforeToday);
  if (until <= from) throw wrong('/until', FIELD_FAULTS.notAfterFrom);
  return { from, until };
}

/** One proxy at a time for an office of a person. @throws Problem proxy-overlap */
async function mustBeFree(tx: Transaction, actor: Actor, { office, organisationId }: GrantProxy, from: Date, until: Date): Promise<void> {
  const taken = await tx.of(Proxy).existsBy({
    principalId: actor.personId,
    office,
    organisationId,
    endedAt: IsNull(),
    validFrom: LessThan(until),
    validUntil: MoreThan(from),
  });
  if (taken) throw new Problem('proxy-overlap');
}

async function one(tx: Transaction, id: string): Promise<ProxyView> {
  const [row] = await tx.query<Row[]>(`${ROWS} where x.id = $1`, [id]);
  if (!row) throw new Problem('not-found');
  return view(row);
}
