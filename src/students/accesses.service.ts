import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { organisationsOf, memberOf, type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import { isoInShanghai } from '../platform/clock.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { AccessPage, AccessQuery, AccessView } from './accesses.dto.js';

type Row = Omit<AccessView, 'at'> & { readonly id: string; readonly at: Date };

const PAGE = `
  select a.id, a.at, a.what, a.evidence_id as "evidenceId", jsonb_build_object('id', p.id, 'displayName', p.display_name) as person,
    (select coalesce(jsonb_agg(jsonb_build_object('office', h.office, 'organisation', ${ORGANISATION_NAME('o')}) order by h.office, o.code),
      '[]')
     from jsonb_to_recordset(a.offices) as h (office text, "organisationId" uuid) join organisation o
       on o.id = h."organisationId") as offices
  from dossier_access a join person p on p.id = a.person_id
  where a.student_id = $1 and a.id < coalesce($2::bigint, 9223372036854775807) order by a.id desc limit $3`;

/**
 * Whether the caller's organisations ($2) have or had the student, and whether those in which the caller answers for dossiers ($3) have the
 * student now.
 */
const STANDING = `
  with mine as (
    select o.id = any($2) or o.ancestors && $2 or coalesce(e.custodian_id = any($2), false) as seen,
      o.id = any($3) or o.ancestors && $3 or coalesce(e.custodian_id = any($3), false) as over,
      row_number() over (order by (e.state in ('active','suspended')) desc, e.valid_from desc, e.recorded_at desc) as nth
    from enrolment e join organisation o on o.id = e.school_id where e.student_id = $1
  )
  select coalesce(bool_or(seen), false) as seen, coalesce(bool_or(over and nth = 1), false) as over from mine`;

/** Who has read of a student 查阅记录, for those who answer for the dossier. */
@Injectable()
export class Accesses {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly cursors: Cursors,
  ) {}

  /** @throws Problem not-found; not-your-office for who sees the student and does not answer for the dossier */
  list(caller: Caller, studentId: string, { cursor, limit }: AccessQuery): Promise<AccessPage> {
    const list = `accesses of ${studentId}`;
    const [before = null] = this.cursors.read(list, cursor) ?? [];
    return inScope(this.db, caller, async (tx) => {
      await mustAnswerFor(tx, caller, studentId);
      const rows = await beyond(tx, 'schoolHistory', () => tx.query<Row[]>(PAGE, [studentId, before, limit + 1]));
      const page = this.cursors.page(list, rows, limit, ({ id }) => [id]);
      return { ...page, items: page.items.map(({ id: _id, at, ...row }) => ({ at: isoInShanghai(at.getTime()), ...row })) };
    });
  }
}

/** Administrators and supervisors of the school or of an authority above it, or of who keeps the dossier of a closed school. */
async function mustAnswerFor(tx: Transaction, caller: Caller, studentId: string): Promise<void> {
  const values = [studentId, memberOf(caller), organisationsOf(caller, 'orgAdmin', 'authoritySupervisor')];
  const [row] = await beyond(tx, 'schoolHistory', () => tx.query<{ seen: boolean; over: boolean }[]>(STANDING, values));
  if (row?.seen !== true) throw new Problem('not-found');
  if (!row.over) throw new Problem('not-your-office');
}
