import type { Transaction } from '../platform/database/in-scope.js';
import type { LedgerDeps } from '../platform/ledger/streams.js';
import { recordGraduationAct } from '../dossier/graduation-acts.js';
import { freeName } from '../domain/organisation-change.js';
import { newId } from '../platform/ledger/new-id.js';
import { recordAt, type ChangeRow } from './organisation-changes.store.js';

interface HeldOffice {
  id: string;
  personId: string;
  office: string;
  /** Of a service account, which goes to no successor: its administrators issue another. */
  service: boolean;
}

/**
 * Closes the school from the day of the change, with its successor in a merger, else with the competent authority that acts for it. Its
 * people's offices end. Clerks and reviewers get the same at the successor. The successor's authority appoints administrators.
 */
export async function closeSchool(tx: Transaction, deps: LedgerDeps, change: ChangeRow): Promise<void> {
  const { id: changeId, kind, schoolId, intoSchoolId, effectiveOn } = change;
  const now = new Date(deps.clock.now());
  await tx.query('select 1 from organisation where id = any($1::uuid[]) order by id for update', [[schoolId, intoSchoolId ?? schoolId]]);
  await tx.query(
    `update organisation set closed_on = $2::date, successor_id = $3, acting_id = case when $3::uuid is null then parent_id end
      where id = $1`,
    [schoolId, effectiveOn, intoSchoolId],
  );
  const offices = await tx.query<HeldOffice[]>(
    `select id, person_id as "personId", office, exists (select 1 from service_account sa where sa.person_id = office.person_id) as service
     from office where organisation_id = $1 and held_from < $2 and (held_until is null
      or held_until > $2)
     order by office, id for update`,
    [schoolId, now],
  );
  for (const office of offices) await end(tx, deps, change, office, now);
  let moved = 0;
  if (intoSchoolId)
    for (const office of offices) if (!office.service) moved += await grant(tx, deps, { ...change, intoSchoolId }, office, now);
  await endClasses(tx, change);
  if (intoSchoolId) await passGraduationsOn(tx, deps, { ...change, intoSchoolId });
  const successor = intoSchoolId ? { intoSchoolId } : {};
  await recordAt(tx, deps, schoolId, {
    kind: kind === 'merger' ? 'merged' : 'closed',
    key: `closed:${changeId}`,
    body: { changeId, effectiveOn, ...successor },
  });
  if (intoSchoolId) await takeItsPlaceInProgrammes(tx, schoolId, intoSchoolId);
  if (intoSchoolId) await offerWhatItOffered(tx, schoolId, intoSchoolId);
  if (intoSchoolId)
    await recordAt(tx, deps, intoSchoolId, { kind: 'succeeded', key: `succeeded:${changeId}`, body: { changeId, effectiveOn, schoolId } });
  await tx.query(`update organisation_change set state = 'running', closed_at = $2, offices_moved = $3 where id = $1`, [
    changeId,
    now,
    moved,
  ]);
}

/**
 * The receiving school manages the dossiers (Art 12, R-14), so graduations are its own from now on. Students on a list under way leave from
 * there. The code of the former school keeps the two schools' numbers apart.
 */
async function passGraduationsOn(tx: Transaction, deps: LedgerDeps, change: ChangeRow & { intoSchoolId: string }): Promise<void> {
  const { id: changeId, schoolId: from, intoSchoolId: to, effectiveOn } = change;
  const [passed] = await tx.query<[{ id: string }[], number]>(
    `update graduation g set school_id = $2, code = o.code || '-' || g.code from organisation o
     where o.id = g.school_id and g.school_id = $1 returning g.id`,
    [from, to],
  );
  for (const { id } of passed.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    await recordGraduationAct(tx, deps, id, { kind: 'passedOn', key: `passed:${changeId}`, body: { changeId, from, to, effectiveOn } });
}

/** What joint programmes 联合办学 agree with the school they agree with its successor, which sees them with its superiors (Art 17, A24). */
const takeItsPlaceInProgrammes = (tx: Transaction, schoolId: string, intoSchoolId: string): Promise<unknown> =>
  tx.query(
    `update joint_programme p set school_ids = array(select distinct unnest(array_replace(p.school_ids, $1, $2))),
       seen_by = array(select distinct unnest(p.seen_by || i.id || i.ancestors)) from organisation i where i.id = $2
         and p.school_ids @> array[$1::uuid]`,
    [schoolId, intoSchoolId],
  );

/**
 * The classes 班级 end with the school. In a merger each goes on as one of the successor, with what it had. Where that school has an open
 * class of the name, the name of the former school follows.
 */
async function endClasses(tx: Transaction, { schoolId, intoSchoolId, effectiveOn }: ChangeRow): Promise<void> {
  if (!intoSchoolId) {
    await tx.query('update school_class set closed_on = $2 where school_id = $1 and closed_on is null', [schoolId, effectiveOn]);
    return;
  }
  const [school] = await tx.query<{ name: string }[]>('select name from organisation where id = $1', [schoolId]);
  const taken = new Set((await classesOf(tx, intoSchoolId)).map(({ name }) => name));
  const moved = (await classesOf(tx, schoolId)).map(({ id, name }) => {
    const free = freeName(name, school?.name ?? '', taken);
    taken.add(free);
    return { id, next: newId(), name: free };
  });
  await tx.query(CONTINUE_CLASSES, [JSON.stringify(moved), intoSchoolId, effectiveOn]);
  await tx.query(MERGE_CLASSES, [JSON.stringify(moved), effectiveOn]);
}

const classesOf = (tx: Transaction, schoolId: string): Promise<{ id: string; name: string }[]> =>
  tx.query('select id, name from school_class where school_id = $1 and closed_on is null order by grade, name, id for update', [schoolId]);

const CONTINUE_CLASSES = `
  insert into school_class (id, school_id, name, grade, major_code, head_teacher, size, opened_on)
  select n.next, $2, n.name, c.grade, c.major_code, c.head_teacher, c.size, greatest(c.opened_on, $3::date)
  from jsonb_to_recordset($1::jsonb) as n (id uuid, next uuid, name text) join school_class c on c.id = n.id`;

const MERGE_CLASSES = `
  update school_class c set closed_on = $2, merged_into = n.next
  from jsonb_to_recordset($1::jsonb) as n (id uuid, next uuid) where c.id = n.id`;

/** Its students go on studying what they study (Art 12). */
const offerWhatItOffered = (tx: Transaction, schoolId: string, intoSchoolId: string): Promise<unknown> =>
  tx.query(
    `insert into school_major (school_id, intake, major_code, study_mode, length_years, entry)
     select $2, intake, major_code, study_mode, length_years, entry from school_major where school_id = $1 on conflict do nothing`,
    [schoolId, intoSchoolId],
  );

async function end(tx: Transaction, deps: LedgerDeps, { id: changeId, schoolId }: ChangeRow, { id }: HeldOffice, now: Date): Promise<void> {
  await tx.query('update office set held_until = $2 where id = $1', [id, now]);
  await recordAt(tx, deps, schoolId, { kind: 'ended', body: { officeId: id, changeId } });
}

/**
 * How many were granted. None when the person holds the office there already, or when it is not one that passes on. None to the person who
 * started the merger, because nobody grants an office to himself.
 */
async function grant(
  tx: Transaction,
  deps: LedgerDeps,
  { id: changeId, intoSchoolId, startedBy }: ChangeRow & { intoSchoolId: string },
  { personId, office }: HeldOffice,
  now: Date,
): Promise<number> {
  if ((office !== 'schoolClerk' && office !== 'schoolReviewer') || personId === startedBy) return 0;
  const id = newId();
  const made = await tx.query<unknown[]>(
    `insert into office (id, person_id, organisation_id, office, held_from, granted_by) values ($1,$2,$3,$4,$5,$6) on conflict do nothing
      returning 1`,
    [id, personId, intoSchoolId, office, now, startedBy],
  );
  if (made.length === 0) return 0;
  await recordAt(tx, deps, intoSchoolId, {
    kind: 'granted',
    body: { officeId: id, personId, office, from: now.toISOString(), changeId },
  });
  return 1;
}
