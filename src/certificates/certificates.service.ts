import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { CERTIFICATES, type CertificateKind } from '../domain/dossier/certificate.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { handlingAt, holds, type Actor, type Office } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import { outcomeOf } from '../platform/http/failures.js';
import { Problem, refuseBlocked } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { canonical } from '../platform/ledger/chain.js';
import { appendNext, type NewAct } from '../platform/ledger/streams.js';
import { LOG } from '../platform/log.js';
import {
  MOST_AT_ONCE,
  type CertificateBatch,
  type CertificateClass,
  type CertificatePage,
  type CertificateQuery,
  type CertificateResult,
  type CertificateView,
  type HandOverCertificate,
  type IssueCertificates,
  type VoidCertificate,
} from './certificates.dto.js';
import { CERTIFICATE_ROWS, certificateShown, certificateView, type CertificateRow } from './certificates.views.js';
import { WITHOUT } from './class-jobs.js';
import { issueCertificate } from './issuing.js';
import { prepareCertificate, type CertificateAsked, type CertificateDeps } from './preparing.js';

/** $1: the organisations of the caller; a school that went into another, or that an authority acts for, is theirs. */
const PAGE = `${CERTIFICATE_ROWS}
  where c.school_id in (select b.id from organisation b where b.id = any($1::uuid[]) or b.ancestors && $1::uuid[]
      or b.successor_id = any($1::uuid[]) or b.acting_id = any($1::uuid[])) and ($2::text is null or c.kind = $2)
    and ($3::text is null or c.state = $3) and ($4::uuid is null or c.school_id = $4) and ($5::uuid is null or c.student_id = $5)
    and ($6::uuid is null or c.id < $6) order by c.id desc limit $7`;

const OF_CLASS = `select e.student_id as id, count(*) over ()::int as total ${WITHOUT} order by e.class_name, e.student_id limit $6`;

interface Moved {
  readonly state: string;
  readonly kind: CertificateKind;
  readonly studentId: string;
  /** Where the enrolment lies now: a merged school's certificates are its successor's to hand over. */
  readonly schoolId: string;
  readonly issuerId: string;
  readonly issuedOn: string;
  readonly handedOverOn: string | null;
}

const MOVED = `select c.state, c.kind, c.student_id as "studentId", e.school_id as "schoolId", c.issuer_id as "issuerId",
    to_char(c.issued_on, 'YYYY-MM-DD') as "issuedOn", to_char(c.handed_over_on, 'YYYY-MM-DD') as "handedOverOn"
  from certificate c join enrolment e on e.id = c.enrolment_id where c.id = $1`;

/** Certificates 毕业证书 and 结业证书 of the own school: issued once, voided before they are handed over, never reissued (Art 19–21). */
@Injectable()
export class Certificates {
  private readonly deps: CertificateDeps;

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) { publicUrl }: Config,
    @Inject(LOG) private readonly log: Logger,
    cipher: FieldCipher,
    private readonly cursors: Cursors,
    private readonly once: OnceOnly,
  ) {
    this.deps = { clock, cipher, publicUrl };
  }

  /** Each student is a transaction of its own with its own result, so a batch that was cut off is sent again with its key. */
  async issue(caller: Caller, keyed: KeyedRequest, asked: IssueCertificates): Promise<CertificateBatch> {
    const { studentIds, left } = await this.studentsOf(caller, keyed, asked);
    const pictures = new Map(asked.photographs?.map(({ studentId, evidenceId }) => [studentId, evidenceId]));
    const items: CertificateResult[] = [];
    for (const studentId of studentIds) {
      const one = { kind: asked.kind, studentId, photographId: pictures.get(studentId) };
      const outcome = await outcomeOf(this.log, () =>
        asked.dryRun ? this.tryOut(caller, one) : this.issueOne(caller, subKey(keyed, one), one),
      );
      items.push({ studentId, ...outcome });
    }
    return { items, left };
  }

  /** One certificate or letter, by whoever the kind asks for. */
  async issueOne(caller: Caller, keyed: KeyedRequest, asked: CertificateAsked): Promise<{ certificate: CertificateView }> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => ({
      certificate: await certificateShown(tx, await issueCertificate(tx, this.deps, actor, asked)),
    }));
    return answer;
  }

  list(caller: Caller, { kind, state, schoolId, studentId, cursor, limit }: CertificateQuery): Promise<CertificatePage> {
    const [before = null] = this.cursors.read('certificates', cursor) ?? [];
    const values = [handlingAt(caller), kind ?? null, state ?? null, schoolId ?? null, studentId ?? null, before, limit + 1];
    return inScope(this.db, caller, async (tx) => {
      const page = this.cursors.page('certificates', await tx.query<CertificateRow[]>(PAGE, values), limit, ({ id }) => [id]);
      return { ...page, items: page.items.map(certificateView) };
    });
  }

  show(caller: Caller, id: string): Promise<CertificateView> {
    return inScope(this.db, caller, (tx) => certificateShown(tx, id));
  }

  /** @throws Problem not-found, not-your-office, certificate-not-in-force, certificate-handed-over */
  void(caller: Caller, keyed: KeyedRequest, id: string, { reason }: VoidCertificate): Promise<CertificateView> {
    return this.moved(caller, keyed, id, async (tx, { handedOverOn }) => {
      if (handedOverOn !== null) throw new Problem('certificate-handed-over');
      await tx.query(`update certificate set state = 'void', ended_at = $2 where id = $1`, [id, new Date(this.clock.now())]);
      return { kind: 'certificateVoided', body: { certificateId: id }, texts: { reason } };
    });
  }

  /** @throws Problem not-found, not-your-office, certificate-not-in-force, certificate-handed-over, invalid-input */
  handOver(caller: Caller, keyed: KeyedRequest, id: string, body: HandOverCertificate): Promise<CertificateView> {
    const today = dateOf(this.clock.now());
    const { on = today } = body;
    return this.moved(caller, keyed, id, async (tx, { handedOverOn, issuedOn }) => {
      if (handedOverOn !== null) throw new Problem('certificate-handed-over');
      if (on > today) throw new Problem('date-in-future', { errors: [{ pointer: '/on', detail: FIELD_FAULTS.future }] });
      if (on < issuedOn) throw new Problem('invalid-input', { errors: [{ pointer: '/on', detail: FIELD_FAULTS.datesDisagree }] });
      await tx.query('update certificate set handed_over_on = $2 where id = $1', [id, on]);
      return { kind: 'certificateHandedOver', body: { certificateId: id, on } };
    });
  }

  /** By the clerk of the student's school, or the reviewer of the authority that issued it, under the student's lock. */
  private async moved(
    caller: Caller,
    keyed: KeyedRequest,
    id: string,
    work: (tx: Transaction, row: Moved) => Promise<NewAct>,
  ): Promise<CertificateView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const [seen] = await tx.query<Moved[]>(MOVED, [id]);
      if (!seen) throw new Problem('not-found');
      const { studentId } = seen;
      const fit = officeOver(seen);
      if (!holds(actor, fit.office, fit.organisationId)) throw new Problem('not-your-office');
      await tx.query('select 1 from student where id = $1 for update', [studentId]);
      const [row] = await tx.query<Moved[]>(MOVED, [id]);
      if (row?.state !== 'issued') throw new Problem('certificate-not-in-force');
      const act = await work(tx, row);
      await appendNext(tx, this.deps, 'student', studentId, {
        ...act,
        by: actedBy(actor, fit),
      });
      return certificateShown(tx, id);
    });
    return answer;
  }

  private tryOut(caller: Caller, asked: CertificateAsked): Promise<object> {
    return inScope(this.db, caller, async (tx) => {
      refuseBlocked((await prepareCertificate(tx, this.deps, caller, asked)).blockers);
      return {};
    });
  }

  /** The students who are named, or those of the class. A repeated request finds the same, because whom the first found is kept. */
  private async studentsOf(
    caller: Caller,
    keyed: KeyedRequest,
    { studentIds, ofClass, kind, dryRun }: IssueCertificates,
  ): Promise<{ studentIds: readonly string[]; left: number }> {
    if ((studentIds === undefined) === (ofClass === undefined))
      throw new Problem('invalid-input', { errors: [{ pointer: '/studentIds', detail: FIELD_FAULTS.studentsOrClass }] });
    if (ofClass === undefined) return { studentIds: studentIds ?? [], left: 0 };
    const find = (tx: Transaction, actor: Actor) => inClass(tx, actor, ofClass, kind);
    if (dryRun) return inScope(this.db, caller, (tx) => find(tx, caller));
    return (await this.once.run(caller, keyed, find)).answer;
  }
}

const officeOver = ({ kind, schoolId, issuerId }: Moved): { office: Office; organisationId: string } =>
  CERTIFICATES[kind].issuedBy === 'school'
    ? { office: 'schoolClerk', organisationId: schoolId }
    : { office: 'authorityReviewer', organisationId: issuerId };

/** The key of one student of a batch. */
const subKey = ({ key }: KeyedRequest, one: CertificateAsked): KeyedRequest => ({
  key: `${key}:${one.studentId}`,
  digest: createHash('sha256')
    .update(canonical(JSON.parse(JSON.stringify(one))))
    .digest(),
});

/** @throws Problem not-your-office */
async function inClass(
  tx: Transaction,
  actor: Actor,
  { schoolId, grade, className }: CertificateClass,
  kind: IssueCertificates['kind'],
): Promise<{ studentIds: string[]; left: number }> {
  if (!holds(actor, 'schoolClerk', schoolId)) throw new Problem('not-your-office');
  const values = [schoolId, grade, className ?? null, CERTIFICATES[kind].of, kind, MOST_AT_ONCE];
  const rows = await tx.query<{ id: string; total: number }[]>(OF_CLASS, values);
  return { studentIds: rows.map(({ id }) => id), left: Math.max(0, (rows[0]?.total ?? 0) - rows.length) };
}
