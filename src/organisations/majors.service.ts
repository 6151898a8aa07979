import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { closedMajors } from '../code-sets/catalogues.store.js';
import { insertRows } from '../platform/database/insert-rows.js';
import { holds, trackOf, type Actor } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';
import { appendNext, type By } from '../platform/ledger/streams.js';
import type { FileMajors, OfferInput, OfferView } from './majors.dto.js';

const keyOf = ({ majorCode, studyMode, lengthYears }: Pick<OfferInput, 'majorCode' | 'studyMode' | 'lengthYears'>): string =>
  `${majorCode} ${studyMode} ${lengthYears}`;

/** What schools offer, intake by intake 专业备案: each filing is the whole list of an intake, and an act in the school's stream. */
@Injectable()
export class Majors {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly once: OnceOnly,
  ) {}

  list(caller: Caller, schoolId: string, intake?: string): Promise<OfferView[]> {
    return inScope(this.db, caller, (tx) => offersOf(tx, schoolId, intake));
  }

  /** @throws Problem not-your-office, not-found, wrong-track, school-closed, major-in-use; invalid-input for majors closed to the intake */
  async file(caller: Caller, keyed: KeyedRequest, schoolId: string, { intake, majors }: FileMajors): Promise<OfferView[]> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const by = await this.filerOf(tx, actor, schoolId);
      await mustBeOpen(tx, schoolId, intake, majors);
      const offers = [...new Map(majors.map((one) => [keyOf(one), one])).values()];
      await beyond(tx, 'placement', () => mustKeepWhatIsStudied(tx, schoolId, intake, offers));
      await tx.query('delete from school_major where school_id = $1 and intake = $2', [schoolId, intake]);
      const rows = offers.map(({ majorCode, studyMode, lengthYears, entry }) => ({
        schoolId,
        intake,
        majorCode,
        studyMode,
        lengthYears,
        entry,
      }));
      await insertRows(tx, 'school_major', rows);
      const body = { intake, majors: rows.map(({ schoolId: _school, intake: _intake, ...offer }) => offer) };
      await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', schoolId, { kind: 'majorsFiled', by, body });
      return offersOf(tx, schoolId, intake);
    });
    return answer;
  }

  /** In which office the actor files for a school; locks the school's row, which is the lock of its stream. */
  private async filerOf(tx: Transaction, actor: Actor, schoolId: string): Promise<By> {
    const supervises = organisationsOf(actor, 'authoritySupervisor');
    if (supervises.length + organisationsOf(actor, 'schoolClerk').length === 0) throw new Problem('not-your-office');
    const [school] = await tx.query<{ type: string; closed: boolean; above: string | null }[]>(
      `select type, coalesce(closed_on <= $3::date, false) as closed,
         (select a.id from unnest(ancestors) with ordinality as a (id, nth) where a.id = any($2) order by nth limit 1) as above
       from organisation where id = $1 and level = 'school' for update`,
      [schoolId, supervises, dateOf(this.clock.now())],
    );
    const isClerk = holds(actor, 'schoolClerk', schoolId);
    if (!school || (!isClerk && !school.above)) throw new Problem('not-found');
    if (trackOf(school.type) !== 'vocational') throw new Problem('wrong-track');
    if (school.closed) throw new Problem('school-closed');
    const { personId } = actor;
    return isClerk || !school.above
      ? { personId, office: 'schoolClerk', organisationId: schoolId }
      : { personId, office: 'authoritySupervisor', organisationId: school.above };
  }
}

const offersOf = (tx: Transaction, schoolId: string, intake?: string): Promise<OfferView[]> =>
  tx.query<OfferView[]>(
    `select intake, major_code as "majorCode", study_mode as "studyMode", length_years::float as "lengthYears", entry from school_major
     where school_id = $1 and ($2::text is null or intake = $2) order by intake, major_code, study_mode, length_years`,
    [schoolId, intake ?? null],
  );

/** What the school has on the list of that intake already stays possible: its students go on. @throws Problem invalid-input */
async function mustBeOpen(tx: Transaction, schoolId: string, intake: string, offers: readonly OfferInput[]): Promise<void> {
  const codes = offers.map(({ majorCode }) => majorCode);
  const closed = await closedMajors(tx, intake, codes, (nth) => `/majors/${nth}/majorCode`);
  if (closed.length === 0) return;
  const listed = new Set((await offersOf(tx, schoolId, intake)).map(({ majorCode }) => majorCode));
  const errors = closed.filter(({ code }) => !listed.has(code)).map(({ pointer, detail }) => ({ pointer, detail }));
  if (errors.length > 0) throw new Problem('invalid-input', { errors });
}

/** @throws Problem major-in-use */
async function mustKeepWhatIsStudied(tx: Transaction, schoolId: string, intake: string, offers: readonly OfferInput[]): Promise<void> {
  const kept = offers.map(keyOf);
  const [dropped] = await tx.query<unknown[]>(
    `select 1 from school_major m join enrolment e on e.school_id = m.school_id and e.grade = m.intake and e.major_code = m.major_code
       and e.study_mode = m.study_mode and e.length_years = m.length_years
       and e.state in ('active', 'suspended', 'pending', 'heldDuplicate')
     where m.school_id = $1 and m.intake = $2
       and not (m.major_code || ' ' || m.study_mode || ' ' || m.length_years::float) = any($3::text[]) limit 1`,
    [schoolId, intake, kept],
  );
  if (dropped) throw new Problem('major-in-use');
}
