import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { memberOf, type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import type { PageQuery } from '../platform/http/page.dto.js';
import { Problem } from '../platform/http/problem.js';
import { closedMajors } from '../code-sets/catalogues.store.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { holds, type Actor } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';
import { appendNext } from '../platform/ledger/streams.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { schoolsNamed, supervisedOver, type SchoolBelow } from '../organisations/supervised-schools.js';
import { BatchFiling } from '../requests/batch/batch-filing.service.js';
import type { BatchFilingView } from '../requests/batch/batch-filing.dto.js';
import { cohortOf } from '../requests/batch/cohort.dto.js';
import { newId } from '../platform/ledger/new-id.js';
import { JointProgramme } from './joint-programme.entity.js';
import type { EstablishJointProgramme, JointProgrammePage, JointProgrammeView, ProgrammeCohort } from './joint-programmes.dto.js';

interface Row extends Omit<JointProgrammeView, 'establishedAt'> {
  establishedAt: Date;
}

const PROGRAMME = `
  select p.id, p.name, p.major_codes as "majorCodes", p.intake_year as "intakeYear", p.agreement, to_char(p.valid_from,
    'YYYY-MM-DD') as "from",
    to_char(p.valid_to, 'YYYY-MM-DD') as "to", ${ORGANISATION_NAME('a')} as authority, p.established_at as "establishedAt",
    (select jsonb_agg(${ORGANISATION_NAME('o')} order by o.code) from organisation o where o.id = any(p.school_ids)) as schools
  from joint_programme p join organisation a on a.id = p.authority_id`;

const view = (row: Row): JointProgrammeView => ({ ...row, establishedAt: isoInShanghai(row.establishedAt.getTime()) });

/** Joint programmes 联合办学 (Art 17, A24). A student is registered at the school attended, and moves to the partner by a transfer. */
@Injectable()
export class JointProgrammes {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly cursors: Cursors,
    private readonly once: OnceOnly,
    private readonly batch: BatchFiling,
  ) {}

  /** @throws Problem unknown-school, school-closed, not-over-both-schools */
  async establish(caller: Caller, keyed: KeyedRequest, body: EstablishJointProgramme): Promise<JointProgrammeView> {
    if (body.to < body.from) throw new Problem('invalid-input', { errors: [{ pointer: '/to', detail: FIELD_FAULTS.beforeFrom }] });
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const now = this.clock.now();
      const schools = await schoolsNamed(tx, body.schoolIds, dateOf(now), '/schoolIds');
      if (schools.some(({ closed }) => closed))
        throw new Problem('school-closed', { errors: [{ pointer: '/schoolIds', detail: FIELD_FAULTS.closed }] });
      const authorityId = establisherOf(actor, schools);
      const id = newId();
      const seenBy = [...new Set(schools.flatMap((school) => [school.id, ...school.ancestors]))];
      const { name, schoolIds, majorCodes, intakeYear, agreement, from, to } = body;
      const closed = await closedMajors(tx, intakeYear, majorCodes, (nth) => `/majorCodes/${nth}`);
      if (closed.length > 0) throw new Problem('invalid-input', { errors: closed.map(({ pointer, detail }) => ({ pointer, detail })) });
      await tx.of(JointProgramme).insert({
        id,
        name,
        schoolIds,
        majorCodes,
        intakeYear,
        agreement,
        validFrom: from,
        validTo: to,
        authorityId,
        establishedBy: actor.personId,
        establishedAt: new Date(now),
        seenBy,
      });
      await this.record(tx, actor, authorityId, { jointProgrammeId: id, ...body });
      return this.one(tx, id, seenBy);
    });
    return answer;
  }

  async list(caller: Caller, { cursor, limit }: PageQuery): Promise<JointProgrammePage> {
    const [before = null] = this.cursors.read('joint-programmes', cursor) ?? [];
    const rows = await inScope(this.db, caller, (tx) =>
      tx.query<Row[]>(`${PROGRAMME} where p.seen_by && $1 and ($2::uuid is null or p.id < $2) order by p.id desc limit $3`, [
        memberOf(caller),
        before,
        limit + 1,
      ]),
    );
    const page = this.cursors.page('joint-programmes', rows, limit, ({ id }) => [id]);
    return { ...page, items: page.items.map(view) };
  }

  show(caller: Caller, id: string): Promise<JointProgrammeView> {
    return inScope(this.db, caller, (tx) => this.one(tx, id, memberOf(caller)));
  }

  async transfer(
    caller: Caller,
    keyed: KeyedRequest,
    id: string,
    { sourceSchoolId, ...cohort }: ProgrammeCohort,
  ): Promise<BatchFilingView> {
    const input = await inScope(this.db, caller, async (tx) => {
      const { schools, intakeYear, majorCodes } = await this.one(tx, id, memberOf(caller));
      const mine = schools.filter((school) => holds(caller, 'schoolClerk', school.id));
      const source = sourceSchoolId ? mine.find((school) => school.id === sourceSchoolId) : mine[0];
      if (!source) throw new Problem('not-your-office');
      if (!sourceSchoolId && mine.length > 1)
        throw new Problem('invalid-input', { errors: [{ pointer: '/sourceSchoolId', detail: FIELD_FAULTS.missing }] });
      return cohortOf(tx, source.id, { grade: intakeYear, ...cohort }, { id, majorCodes });
    });
    return this.batch.file(caller, keyed, input);
  }

  private async one(tx: Transaction, id: string, seenBy: readonly string[]): Promise<JointProgrammeView> {
    const [row] = await tx.query<Row[]>(`${PROGRAMME} where p.id = $1 and p.seen_by && $2`, [id, seenBy]);
    if (!row) throw new Problem('not-found');
    return view(row);
  }

  private async record(tx: Transaction, actor: Actor, authorityId: string, body: object): Promise<void> {
    await tx.query('select 1 from organisation where id = $1 for update', [authorityId]);
    await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', authorityId, {
      kind: 'jointProgrammeEstablished',
      by: { personId: actor.personId, office: 'authoritySupervisor', organisationId: authorityId },
      body,
    });
  }
}

/** The lowest authority over all schools; schools of several provinces have none below the nation, so the province of one of them may. */
function establisherOf(actor: Actor, schools: readonly SchoolBelow[]): string {
  const provinces = [...new Set(schools.map(({ provinceId }) => provinceId))];
  const mine = provinces.length > 1 ? provinces.find((id) => holds(actor, 'authoritySupervisor', id)) : undefined;
  return mine ?? supervisedOver(actor, schools);
}
