import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { handlingAt, holds, type Actor } from '../domain/offices.js';
import { appendNext } from '../platform/ledger/streams.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { CaseContext } from '../cases/case-context.js';
import { enterIrregularity } from './irregularities.store.js';
import type {
  IrregularityDetail,
  IrregularityPage,
  IrregularityQuery,
  IrregularityView,
  RecordOutcome,
  RegisterIrregularity,
} from './irregularities.dto.js';
import { IRREGULARITY_ROW, irregularityDetail, irregularityView, oneIrregularity, type IrregularityRow } from './irregularities.views.js';
import { supervisedFrom, invalidField } from '../orders/ordered.js';

/**
 * The register of irregularities 违规登记 (Art 26, A18), kept by authorities about organisations below them. Each irregularity has a stream of
 * its own.
 */
@Injectable()
export class Irregularities {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly context: CaseContext,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
  ) {}

  async register(caller: Caller, keyed: KeyedRequest, body: RegisterIrregularity): Promise<IrregularityView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { organisationId, category, findings, requestId = null, studentId = null, orderId = null } = body;
      const { authorityId, seenBy } = await this.below(tx, actor, organisationId);
      await this.mustConcern(tx, authorityId, body);
      const by = actedBy(actor, { office: 'authoritySupervisor', organisationId: authorityId });
      const entry = { authorityId, organisationId, category, requestId, studentId, orderId, seenBy };
      const id = await enterIrregularity(tx, this.context, entry, { findings, by });
      return oneIrregularity(tx, id);
    });
    return answer;
  }

  /** By the authority that registered it, once. @throws Problem outcome-recorded */
  async outcome(caller: Caller, keyed: KeyedRequest, id: string, { outcome, note }: RecordOutcome): Promise<IrregularityView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const [entry] = await tx.query<{ authorityId: string; outcome: string | null }[]>(
        'select authority_id as "authorityId", outcome from irregularity where id = $1 and seen_by && $2 for update',
        [id, handlingAt(actor)],
      );
      if (!entry) throw new Problem('not-found');
      if (!holds(actor, 'authoritySupervisor', entry.authorityId)) throw new Problem('not-your-office');
      if (entry.outcome) throw new Problem('outcome-recorded');
      const { at, seq } = await appendNext(tx, this.context, 'irregularity', id, {
        kind: 'outcome',
        by: actedBy(actor, { office: 'authoritySupervisor', organisationId: entry.authorityId }),
        body: { outcome },
        texts: { note },
      });
      await tx.query('update irregularity set outcome = $2, outcome_at = $3, last_seq = $4 where id = $1', [
        id,
        outcome,
        new Date(at),
        seq,
      ]);
      return oneIrregularity(tx, id);
    });
    return answer;
  }

  show(caller: Caller, id: string): Promise<IrregularityDetail> {
    return inScope(this.db, caller, async (tx) => {
      const [seen] = await tx.query<unknown[]>('select 1 from irregularity where id = $1 and seen_by && $2', [id, handlingAt(caller)]);
      if (!seen) throw new Problem('not-found');
      return irregularityDetail(tx, this.context.cipher, id);
    });
  }

  async list(caller: Caller, { state, category, cursor, limit }: IrregularityQuery): Promise<IrregularityPage> {
    const [registeredAt = null, id = null] = this.cursors.read('irregularities', cursor) ?? [];
    const rows = await inScope(this.db, caller, (tx) =>
      tx.query<IrregularityRow[]>(
        `${IRREGULARITY_ROW} where i.seen_by && $1 and ($2::boolean is null or $2 = (i.outcome is not null)) and ($3::text is null
          or i.category = $3)
           and ($4::timestamptz is null or (i.registered_at, i.id) < ($4, $5::uuid)) order by i.registered_at desc, i.id desc limit $6`,
        [handlingAt(caller), state === undefined ? null : state === 'closed', category ?? null, registeredAt, id, limit + 1],
      ),
    );
    const page = this.cursors.page('irregularities', rows, limit, (row) => [row.registeredAt.toISOString(), row.id]);
    return { ...page, items: page.items.map(irregularityView) };
  }

  /** The organisation concerned, with the nearest of its superiors at which the actor supervises (Art 5). */
  private async below(tx: Transaction, actor: Actor, id: string): Promise<{ authorityId: string; seenBy: string[] }> {
    const [row] = await tx.query<{ authorityId: string; seenBy: string[] }[]>(
      `select array[id] || ancestors as "seenBy",
         (select u.id from unnest(ancestors) with ordinality as u (id, nth) where u.id = any($2) order by nth limit 1) as "authorityId"
       from organisation where id = $1 and ancestors && $2`,
      [id, supervisedFrom(actor)],
    );
    if (!row) throw invalidField('/organisationId', FIELD_FAULTS.notBelow);
    return row;
  }

  /** What it is about must concern the organisation, and be the authority's to see. */
  private async mustConcern(tx: Transaction, authorityId: string, body: RegisterIrregularity): Promise<void> {
    const concerned = [body.organisationId, authorityId];
    const known: [pointer: string, id: string | undefined, sql: string][] = [
      ['/requestId', body.requestId, 'select 1 from change_request where id = $1 and seen_by @> $2::uuid[]'],
      ['/orderId', body.orderId, 'select 1 from supervision_order where id = $1 and seen_by @> $2::uuid[]'],
      [
        '/studentId',
        body.studentId,
        `select 1 from enrolment e join organisation o on o.id = e.school_id where e.student_id = $1
           and array[o.id] || o.ancestors @> $2::uuid[]`,
      ],
    ];
    for (const [pointer, id, sql] of known)
      if (id !== undefined && (await tx.query<unknown[]>(sql, [id, concerned])).length === 0)
        throw invalidField(pointer, FIELD_FAULTS.notConcerned);
  }
}
