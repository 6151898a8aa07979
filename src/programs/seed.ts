import { setTimeout as sleep } from 'node:timers/promises';
import { hash, type Options } from '@node-rs/argon2';
import { ENTITIES } from '../app/entities.js';
import type { DataSource } from 'typeorm';
import { systemClock, type Clock } from '../platform/clock.js';
import { configOrExit } from '../platform/config.js';
import { applicationOptions, connected } from '../platform/database/data-source.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { insertRows } from '../platform/database/insert-rows.js';
import { LOCKS } from '../platform/database/locks.js';
import { intakeOfDay, runningIntake } from '../dossier/intakes.js';
import { indexOf } from '../dossier/person.js';
import { maskName, yearOfBirth } from '../domain/dossier/id-document.js';
import { layFoundations } from './foundations.js';
import { findingKeysOf } from '../dossier/finding-keys.js';
import { seedAtWork, type AtWork } from './demonstration/seed-at-work.js';
import { seedGraduations } from './seed-graduations.js';
import { isMain } from './is-main.js';
import { registeredIdentity } from '../identity/local-identity.js';
import { appendFirst, type LedgerDeps } from '../platform/ledger/streams.js';
import { REGULATION_EFFECTIVE } from '../organisations/seed-policy.js';
import { demoId } from '../demo/demo-id.js';
import { demoClasses } from '../demo/classes.js';
import { demoHeads } from '../demo/heads.js';
import { seedLateWindows } from '../demo/late-windows.js';
import { demoOrganisations, NATION } from '../demo/organisations.js';
import { pendingRegistrations, newcomers, type DemoPendingRegistration } from '../demo/registrations.js';
import { DEMO_PASSWORD, demoPeople } from '../demo/people.js';
import { seedPacks } from '../demo/policies.js';
import { demoOffers } from '../demo/offers.js';
import { demoStudents, guardianOf, type DemoEnrolment, type DemoStudent } from '../demo/students.js';
import { seedTerms } from '../demo/terms.js';

interface SeedOptions {
  /** Of the accounts' passwords; tests sign in hundreds of times and take the least. */
  readonly cost?: Options;
  /** Puts the demonstration to work. Left out, nobody has done anything yet, which is how tests begin. */
  readonly atWork?: Pick<AtWork, 'dataDir' | 'publicUrl'>;
}

/**
 * Writes the whole demonstration in one transaction. If a demonstration is there already, it writes nothing. `db` connects in the
 * application's role.
 */
export async function seedDemonstration(
  db: DataSource,
  cipher: FieldCipher,
  clock: Clock,
  { cost, atWork }: SeedOptions = {},
): Promise<{ seeded: boolean }> {
  const passwordHash = await hash(DEMO_PASSWORD, cost);
  return inScope(db, 'system', async (tx) => {
    await untilAlone(tx);
    await layFoundations(tx);
    const there: unknown[] = await tx.query('select 1 from organisation where id = $1', [demoId('organisation', NATION)]);
    if (there.length > 0) return { seeded: false };
    const now = new Date(clock.now());
    await seedOrganisations(tx);
    await seedPeople(tx, passwordHash);
    await recordAll(tx, { clock, cipher }, await seedStudents(tx, cipher, now));
    await seedPacks(tx, { clock, cipher });
    await seedLateWindows(tx, { clock, cipher });
    await seedTerms(tx, { clock, cipher });
    await seedGraduations(tx, { clock, cipher });
    if (atWork) await seedAtWork(tx, { clock, cipher, ...atWork });
    return { seeded: true };
  });
}

const TRY_AGAIN = 200;
const TRIES = 1500;

/** Another that seeds takes its seconds, on a busy machine longer than a statement may wait for a lock. So the lock is asked for again. */
async function untilAlone(tx: Transaction): Promise<void> {
  for (let n = 0; n < TRIES; n += 1) {
    const [{ got }] = await tx.query<[{ got: boolean }]>('select pg_try_advisory_xact_lock($1) as got', [LOCKS.demonstration]);
    if (got) return;
    await sleep(TRY_AGAIN);
  }
  throw new Error('another process has been seeding the demonstration for five minutes');
}

async function seedOrganisations(tx: Transaction): Promise<void> {
  await insertRows(tx, 'organisation', demoOrganisations());
  await insertRows(tx, 'head', demoHeads());
  await insertRows(tx, 'school_major', demoOffers());
}

/** The first act of each organisation, person and student, which answers for the rows that the demonstration begins with. */
async function recordAll(tx: Transaction, deps: LedgerDeps, students: readonly DemoStudent[]): Promise<void> {
  const heads = demoHeads();
  const first = (streamId: string, kind: string, body: object) => ({ streamId, act: { kind, key: kind, body } });
  const organisations = demoOrganisations().map(({ id, code, level, type, parentId, divisionCode }, nth) =>
    first(id, 'established', { code, level, type, parentId, divisionCode, headId: heads[nth]?.id }),
  );
  const people = demoPeople().map(({ id, organisationId }) => first(id, 'entered', { personId: id, organisationId }));
  const entered = students.map(({ id, enrolment }) => first(id, 'entered', { enrolmentId: enrolment.id, state: enrolment.state }));
  await appendFirst(tx, deps, 'organisation', organisations);
  await appendFirst(tx, deps, 'access', people);
  await appendFirst(tx, deps, 'student', entered);
}

async function seedPeople(tx: Transaction, passwordHash: string): Promise<void> {
  const people = demoPeople();
  await insertRows(
    tx,
    'person',
    people.map(({ id, username, displayName, organisationId }) => ({ id, username, displayName, passwordHash, enteredIn: organisationId })),
  );
  const heldFrom = `${REGULATION_EFFECTIVE}T00:00:00+08:00`;
  await insertRows(
    tx,
    'office',
    people.map(({ officeId, id, organisationId, office }) => ({ id: officeId, personId: id, organisationId, office, heldFrom })),
  );
}

async function seedStudents(tx: Transaction, cipher: FieldCipher, now: Date): Promise<DemoStudent[]> {
  const known = demoStudents();
  const held = pendingRegistrations(known);
  const students = [...known, ...held.map(({ student }) => student)];
  await insertRows(tx, 'student', [
    ...known.map((student) => ({ ...sealed(cipher, student, now), documentStanding: 'own', authentication: 'confirmed' })),
    ...held.map(({ student, duplicate }) => ({
      ...sealed(cipher, student, now),
      documentStanding: duplicate ? 'contested' : 'own',
      authentication: 'pending',
    })),
  ]);
  await seedEnrolments(
    tx,
    students.map(({ enrolment }) => enrolment),
    now,
  );
  await insertRows(
    tx,
    'population_register',
    [...known, ...newcomers()].map(({ document, name }) =>
      registeredIdentity(cipher, { documentType: document.type, documentNumber: document.number, name }),
    ),
  );
  await insertRows(tx, 'school_class', demoClasses(students.map(({ enrolment }) => enrolment)));
  await seedRegistrations(tx, { clock: { now: () => now.getTime() }, cipher }, held, now);
  await insertRows(
    tx,
    'student_fact',
    students.flatMap((student) =>
      Object.entries({ ethnicGroup: student.ethnicGroup, ...guardianOf(student) }).map(([fact, value]) => ({
        studentId: student.id,
        fact,
        validFrom: student.enrolment.enrolledOn,
        recordedAt: now,
        valueCipher: cipher.encrypt(value, `student_fact.${fact}:${student.id}`),
      })),
    ),
  );
  return students;
}

/** Who stands otherwise than in the beginning does so by a version of its own: the dossier answers for the days before, too. */
async function seedEnrolments(tx: Transaction, enrolments: readonly DemoEnrolment[], now: Date): Promise<void> {
  await insertRows(
    tx,
    'enrolment',
    enrolments.map((enrolment) => ({ ...begun(enrolment), recordedAt: now, changedAt: now })),
  );
  await tx.query(
    `update enrolment e set state = n.state, since = n.since, valid_to = n."validTo", suspended_until = n."suspendedUntil"
     from jsonb_to_recordset($1::jsonb) as n (id uuid, state text, since date, "validTo" date, "suspendedUntil" date) where e.id = n.id`,
    [JSON.stringify(enrolments.filter(hasChanged))],
  );
}

const hasChanged = ({ since, validFrom }: DemoEnrolment): boolean => since !== validFrom;
const begun = (enrolment: DemoEnrolment): DemoEnrolment =>
  hasChanged(enrolment) ? { ...enrolment, state: 'active', since: enrolment.validFrom, validTo: null, suspendedUntil: null } : enrolment;

async function seedRegistrations(
  tx: Transaction,
  deps: LedgerDeps,
  held: readonly DemoPendingRegistration[],
  recordedAt: Date,
): Promise<void> {
  const intakes = new Map<string, string>();
  for (const { enrolment } of held.map(({ student }) => student))
    intakes.set(enrolment.schoolId, await runningIntake(tx, deps, intakeOfDay(enrolment.schoolId, enrolment.enrolledOn)));
  await insertRows(
    tx,
    'registration',
    held.map(({ student: { id: studentId, enrolment }, registration }) => ({
      ...registration,
      studentId,
      enrolmentId: enrolment.id,
      schoolId: enrolment.schoolId,
      late: false,
      intakeId: intakes.get(enrolment.schoolId),
      recordedAt,
    })),
  );
  await insertRows(
    tx,
    'duplicate',
    held.flatMap(({ student, registration, duplicate }) =>
      duplicate ? [{ ...duplicate, registrationId: registration.id, heldStudentId: student.id, state: 'open' }] : [],
    ),
  );
}

/** A row of `student`: personal fields encrypted for their place, blind indices for exact look-ups. */
function sealed(cipher: FieldCipher, { id, number, document, name, sex, birthDate }: DemoStudent, now: Date): object {
  return {
    id,
    sex,
    documentType: document.type,
    maskedName: maskName(name),
    changedAt: now,
    numberCipher: cipher.encrypt(number, `student.number:${id}`),
    numberIndex: cipher.index('studentNumber', number),
    documentCipher: cipher.encrypt(document.number, `student.document:${id}`),
    documentIndex: indexOf.document(cipher, document),
    nameCipher: cipher.encrypt(name, `student.name:${id}`),
    nameIndex: cipher.index('name', name),
    birthDateCipher: cipher.encrypt(birthDate, `student.birthDate:${id}`),
    birthYear: yearOfBirth(birthDate),
    findingKeys: findingKeysOf(cipher, { name, studentNumber: number }),
  };
}

if (isMain(import.meta.url)) {
  const config = configOrExit();
  if (!config.demo) throw new Error('DEMO is not true: everybody knows the passwords of the demonstration');
  const db = await connected(applicationOptions(config.databaseUrl, 2, 'xueji-seed', ENTITIES));
  try {
    const { seeded } = await seedDemonstration(db, new FieldCipher(config.fieldKey, config.indexKey), systemClock, {
      atWork: config,
    });
    const made = `${demoOrganisations().length} organisations, ${demoPeople().length} accounts, ${demoStudents().length} students`;
    process.stdout.write(
      seeded ? `已建立演示数据 Seeded the demonstration: ${made}.\n` : '演示数据已存在 The demonstration is there already.\n',
    );
  } finally {
    await db.destroy();
  }
}
