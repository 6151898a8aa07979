import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { handlingAt, HANDLING, type Actor } from '../domain/offices.js';
import { recordAccess } from '../dossier/accesses.js';
import { presentIdentity } from '../dossier/personal.store.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Quotas } from '../platform/access/quotas.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { newId } from '../platform/ledger/new-id.js';
import { appendNext, textPlace } from '../platform/ledger/streams.js';
import { Unmasking } from './unmasking.entity.js';
import type { Unmask, UnmaskedView, UnmaskingPage, UnmaskingQuery, UnmaskingView } from './unmaskings.dto.js';

/** Whether the caller's organisations ($2) have or had the student, and which of them handle the student now. */
const HANDLERS = `
  with mine as (
    select o.id = any($2) or o.ancestors && $2 or coalesce(e.custodian_id = any($2), false) as seen,
      array[o.id, o.parent_id, o.acting_id, e.custodian_id] as handlers,
      row_number() over (order by (e.state in ('active','suspended')) desc, e.valid_from desc, e.recorded_at desc) as nth,
      e.state in ('pending','heldDuplicate') and exists (select 1 from enrolment x where x.student_id = $1 and x.id <> e.id
        and x.state not in ('pending','heldDuplicate')) as waits
    from enrolment e join organisation o on o.id = e.school_id where e.student_id = $1
  )
  select coalesce(bool_or(seen), false) as seen,
    (select array(select h from unnest(handlers) h where h = any($2)) from mine where nth = 1 and not waits) as handlers from mine`;

/** For how long the same request shows the values again, in milliseconds. */
const SHOWN_AGAIN = 600_000;

type Row = Omit<UnmaskingView, 'at' | 'reason'> & { at: Date; reason: Buffer | null; studentId: string; seq: number };

const PAGE = `
  select u.id, u.at, u.office, u.student_id as "studentId", u.seq, jsonb_build_object('id', p.id, 'displayName', p.display_name) as person,
    ${ORGANISATION_NAME('o')} as organisation,
    case when s.id is null then null else jsonb_build_object('id', s.id, 'maskedName', s.masked_name) end as student,
    (select x.cipher from act_text x where x.stream_id = u.student_id and x.seq = u.seq and x.field = 'reason') as reason
  from unmasking u join person p on p.id = u.person_id join organisation o on o.id = u.organisation_id left join student s
    on s.id = u.student_id
  where (o.id = any($1) or o.ancestors && $1) and ($2::timestamptz is null or (u.at, u.id) < ($2, $3::uuid))
  order by u.at desc, u.id desc limit $4`;

/** Values that answers mask, shown whole for a reason 查看完整信息: an act of a person, with a limit a day, before the superior's eyes. */
@Injectable()
export class Unmaskings {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly once: OnceOnly,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly cursors: Cursors,
    private readonly quotas: Quotas,
  ) {}

  /** The kept answer holds no value: a repeated request reads them anew, by what the caller may see then. */
  async unmask(caller: Caller, keyed: KeyedRequest, studentId: string, { reason }: Unmask): Promise<UnmaskedView> {
    const { answer } = await this.quotas.telling(caller, () =>
      this.once.run(caller, keyed, (tx, actor) => this.recorded(tx, { caller, actor, studentId, reason })),
    );
    if (this.clock.now() - answer.at > SHOWN_AGAIN) throw new Problem('answer-not-kept');
    return inScope(this.db, caller, async (tx) => {
      await mustHandle(tx, caller, studentId);
      const identity = await presentIdentity(tx, this.cipher, studentId);
      if (!identity) throw new Problem('not-found');
      const { studentNumber, documentType, documentNumber, birthDate } = identity;
      return { id: answer.id, studentId, studentNumber, documentType, documentNumber, birthDate, at: isoInShanghai(answer.at) };
    });
  }

  private async recorded(
    tx: Transaction,
    { caller, actor, studentId, reason }: { caller: Caller; actor: Actor; studentId: string; reason: string },
  ): Promise<{ id: string; at: number }> {
    await tx.query('select 1 from student where id = $1 for update', [studentId]);
    const handlers = await mustHandle(tx, actor, studentId);
    await this.quotas.spend(tx, caller, 'unmaskings');
    const now = this.clock.now();
    await recordAccess(tx, 'unmasking', studentId, { caller, now, quotas: this.quotas });
    const by = actedBy(actor, ...handlers.flatMap((organisationId) => HANDLING.map((office) => ({ office, organisationId }))));
    const id = newId();
    const { seq, at } = await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'student', studentId, {
      kind: 'unmasked',
      by,
      body: { unmaskingId: id },
      texts: { reason },
    });
    const { personId, office, organisationId } = by;
    await tx
      .of(Unmasking)
      .insert({ id, studentId, personId, office: office as Unmasking['office'], organisationId, seq, at: new Date(at) });
    return { id, at };
  }

  async list(caller: Caller, { cursor, limit }: UnmaskingQuery): Promise<UnmaskingPage> {
    const [before = null, id = null] = this.cursors.read('unmaskings', cursor) ?? [];
    const values = [organisationsOf(caller, 'authoritySupervisor'), before, id, limit + 1];
    const rows = await inScope(this.db, caller, (tx) => tx.query<Row[]>(PAGE, values));
    const page = this.cursors.page('unmaskings', rows, limit, (row) => [row.at.toISOString(), row.id]);
    return {
      ...page,
      items: page.items.map(({ at, reason, studentId, seq, ...row }) => ({
        ...row,
        at: isoInShanghai(at.getTime()),
        reason: reason && this.cipher.decrypt(reason, textPlace(studentId, seq, 'reason')),
      })),
    };
  }
}

/**
 * The organisations in whose name the actor handles the student.
 * @throws Problem not-found; not-your-office for who only sees the student
 */
async function mustHandle(tx: Transaction, actor: Actor, studentId: string): Promise<string[]> {
  const [row] = await beyond(tx, 'schoolHistory', () =>
    tx.query<{ seen: boolean; handlers: string[] | null }[]>(HANDLERS, [studentId, handlingAt(actor)]),
  );
  if (row?.seen !== true) throw new Problem('not-found');
  if (!row.handlers || row.handlers.length === 0) throw new Problem('not-your-office');
  return row.handlers;
}
