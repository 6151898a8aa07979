import { told } from '../platform/http/language.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Words } from '../domain/messages/words.js';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { memberOf, type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import type { PageQuery } from '../platform/http/page.dto.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoIfAny, isoInShanghai, type Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { holds, trackOf, type Actor } from '../domain/offices.js';
import { awaited, REMEDIES, type ChangeProgressState } from '../domain/organisation-change.js';
import { dateOf } from '../domain/working-days.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { schoolsNamed, supervisedOver } from '../organisations/supervised-schools.js';
import { evidenceDigests } from '../cases/evidence-digests.js';
import { BatchFiling } from '../requests/batch/batch-filing.service.js';
import type { BatchFilingView } from '../requests/batch/batch-filing.dto.js';
import { cohortOf, type CohortTransfer } from '../requests/batch/cohort.dto.js';
import { Filing } from '../requests/filing.service.js';
import { newId } from '../platform/ledger/new-id.js';
import { recordAt, changesProgressOf } from './organisation-changes.store.js';
import type { OrganisationChangePage, OrganisationChangeView, StartOrganisationChange } from './organisation-changes.dto.js';
import { startChange } from './start-change.js';

interface Row extends Omit<OrganisationChangeView, 'startedAt' | 'closedAt' | 'completedAt' | 'progress'> {
  startedAt: Date;
  closedAt: Date | null;
  completedAt: Date | null;
  officesMoved: number;
}

const CHANGE = `
  select c.id, c.kind, c.state, ${ORGANISATION_NAME('s')} as school, case when i.id is null then null
    else ${ORGANISATION_NAME('i')} end as "intoSchool",
    to_char(c.effective_on, 'YYYY-MM-DD') as "effectiveOn", c.document, c.evidence_ids as "evidenceIds",
      ${ORGANISATION_NAME('a')} as authority,
    c.started_at as "startedAt", c.closed_at as "closedAt", c.completed_at as "completedAt", c.offices_moved as "officesMoved"
  from organisation_change c join organisation s on s.id = c.school_id left join organisation i on i.id = c.into_school_id
    join organisation a on a.id = c.authority_id`;

const wrong = (pointer: string, detail: Words): Problem => new Problem('invalid-input', { errors: [{ pointer, detail }] });

/** Mergers and closures of schools (Art 12, A25). They start here with their document; a job of their own carries them out on the day. */
@Injectable()
export class OrganisationChanges {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Client) private readonly temporal: Client,
    private readonly cipher: FieldCipher,
    private readonly cursors: Cursors,
    private readonly once: OnceOnly,
    private readonly filing: Filing,
    private readonly batch: BatchFiling,
  ) {}

  /** @throws Problem unknown-school, same-school, wrong-track, not-over-both-schools, school-already-closed, change-of-school-pending */
  async start(caller: Caller, keyed: KeyedRequest, body: StartOrganisationChange): Promise<OrganisationChangeView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const id = await this.plan(tx, actor, body);
      return this.one(tx, id, memberOf(actor));
    });
    const deps = { client: this.temporal, db: this.db, taskQueue: this.config.temporal.taskQueue };
    startChange(deps, answer.id).catch(() => undefined); // the worker starts what was not started
    return answer;
  }

  private async plan(tx: Transaction, actor: Actor, body: StartOrganisationChange): Promise<string> {
    const { kind, schoolId, intoSchoolId, effectiveOn, document, evidenceIds } = body;
    const now = this.clock.now();
    if ((kind === 'merger') !== (intoSchoolId !== undefined))
      throw wrong('/intoSchoolId', kind === 'merger' ? FIELD_FAULTS.missing : FIELD_FAULTS.mergerOnly);
    if (effectiveOn < dateOf(now)) throw wrong('/effectiveOn', FIELD_FAULTS.beforeToday);
    if (intoSchoolId === schoolId)
      throw new Problem('same-school', { errors: [{ pointer: '/intoSchoolId', detail: FIELD_FAULTS.schoolItself }] });
    const ids = [schoolId, ...(intoSchoolId ? [intoSchoolId] : [])];
    await tx.query('select 1 from organisation where id = any($1::uuid[]) order by id for update', [ids]);
    const schools = await schoolsNamed(tx, ids, dateOf(now), '/schoolId');
    const authorityId = supervisedOver(actor, schools);
    if (new Set(schools.map(({ type }) => trackOf(type))).size > 1) throw new Problem('wrong-track');
    if (schools.some(({ closed }) => closed)) throw new Problem('school-already-closed');
    await mustBeFree(tx, ids);
    await this.filing.checkEvidence(tx, actor, evidenceIds);
    const id = newId();
    const seenBy = [...new Set(schools.flatMap((school) => [school.id, ...school.ancestors]))];
    await tx.query(
      `insert into organisation_change (id, kind, state, school_id, into_school_id, effective_on, document, evidence_ids, authority_id,
        started_by,
         started_at, seen_by) values ($1,$2,'planned',$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
      [id, kind, schoolId, intoSchoolId ?? null, effectiveOn, document, evidenceIds, authorityId, actor.personId, new Date(now), seenBy],
    );
    const by = { personId: actor.personId, office: 'authoritySupervisor', organisationId: authorityId };
    const digests = await evidenceDigests(tx, evidenceIds);
    const planned = { kind: 'organisationChangePlanned', by, body: { changeId: id, ...body, evidenceDigests: digests } };
    for (const at of ids) await recordAt(tx, { clock: this.clock, cipher: this.cipher }, at, planned);
    return id;
  }

  async list(caller: Caller, { cursor, limit }: PageQuery): Promise<OrganisationChangePage> {
    const [before = null] = this.cursors.read('organisation-changes', cursor) ?? [];
    return inScope(this.db, caller, async (tx) => {
      const rows = await tx.query<Row[]>(
        `${CHANGE} where c.seen_by && $1 and ($2::uuid is null or c.id < $2) order by c.id desc limit $3`,
        [memberOf(caller), before, limit + 1],
      );
      const { items, nextCursor } = this.cursors.page('organisation-changes', rows, limit, ({ id }) => [id]);
      return { items: await withProgress(tx, items), nextCursor };
    });
  }

  show(caller: Caller, id: string): Promise<OrganisationChangeView> {
    return inScope(this.db, caller, (tx) => this.one(tx, id, memberOf(caller)));
  }

  /** @throws Problem school-not-closed-yet before its day */
  async transfer(caller: Caller, keyed: KeyedRequest, id: string, cohort: CohortTransfer): Promise<BatchFilingView> {
    const input = await inScope(this.db, caller, async (tx) => {
      const { kind, school } = await this.one(tx, id, memberOf(caller));
      const [{ actingId }] = await tx.query<[{ actingId: string | null }]>(
        'select acting_id as "actingId" from organisation where id = $1',
        [school.id],
      );
      if (kind === 'merger') throw new Problem('not-found');
      if (!actingId) throw new Problem('school-not-closed-yet');
      if (!holds(caller, 'authoritySupervisor', actingId)) throw new Problem('not-your-office');
      return cohortOf(tx, school.id, cohort);
    });
    return this.batch.file(caller, keyed, input);
  }

  private async one(tx: Transaction, id: string, seenBy: readonly string[]): Promise<OrganisationChangeView> {
    const [row] = await tx.query<Row[]>(`${CHANGE} where c.id = $1 and c.seen_by && $2`, [id, seenBy]);
    if (!row) throw new Problem('not-found');
    const [view] = await withProgress(tx, [row]);
    return view as OrganisationChangeView;
  }
}

/** A school has one change at a time. A school that another will merge into does not end, and no school merges into one that ends. */
async function mustBeFree(tx: Transaction, ids: readonly string[]): Promise<void> {
  const [pending] = await tx.query<unknown[]>(
    `select 1 from organisation_change where state <> 'done' and (school_id = any($1::uuid[]) or into_school_id = $2) limit 1`,
    [ids, ids[0]],
  );
  if (pending) throw new Problem('change-of-school-pending');
}

async function withProgress(tx: Transaction, rows: readonly Row[]): Promise<OrganisationChangeView[]> {
  const progress = await changesProgressOf(
    tx,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => viewOf(row, progress.get(row.id) as ChangeProgressState));
}

function viewOf({ officesMoved, ...row }: Row, standing: ChangeProgressState): OrganisationChangeView {
  const { casesMoved, casesLeft, ordersMoved, ordersLeft, dossiersMoved, dossiersLeft, studentsLeft } = standing;
  const waitingFor = awaited(standing).map((one) => ({ ...one, remedy: told(REMEDIES[one.state]) }));
  return {
    ...row,
    startedAt: isoInShanghai(row.startedAt.getTime()),
    closedAt: isoIfAny(row.closedAt),
    completedAt: isoIfAny(row.completedAt),
    progress: {
      cases: { moved: casesMoved, left: casesLeft },
      dossiers: { moved: dossiersMoved, left: dossiersLeft },
      orders: { moved: ordersMoved, left: ordersLeft },
      officesMoved,
      studentsLeft,
      waitingFor,
    },
  };
}
