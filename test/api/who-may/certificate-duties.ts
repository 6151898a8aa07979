import { randomUUID } from 'node:crypto';
import { ended } from '../../fixtures/graduates.js';
import { asOwner } from '../../fixtures/owner.js';
import type { OfficeDuty } from './offices.js';
import { has, NOT_YOURS, ofHome, unless, type Refusing } from './standing-over.js';
import type { Stage } from './stage.js';

const GRADE = '2003';

/** Calls are prepared side by side, and two of them must not make two graduates. */
const graduates = new WeakMap<Stage, Promise<string>>();

/** A student of the school who has graduated, alone in a grade: the one whose dossier no other call is about. */
function aGraduate(stage: Stage): Promise<string> {
  const one = graduates.get(stage) ?? graduate(stage);
  graduates.set(stage, one);
  return one;
}

async function graduate({ system, students, places: { source } }: Stage): Promise<string> {
  const [one] = await asOwner<{ id: string; state: string }[]>(
    system,
    `select student_id as id, state from enrolment where school_id = $1 and (grade = $2 or state = 'active' and major_code is not null)
       and not student_id = any($3::uuid[])
     order by grade = $2 desc, student_id desc limit 1`,
    [source.id, GRADE, students.map((one) => one.id)],
  );
  const { id = '', state } = one ?? {};
  if (state === 'active') {
    await ended(system, id, { state: 'graduated', on: '2026-06-30' });
    await asOwner(system, 'update enrolment set grade = $2 where student_id = $1', [id, GRADE]);
    await asOwner(system, `update head set held_from = '2000-01-01' where organisation_id = $1`, [source.id]);
  }
  return id;
}

/** A picture that the school uploaded. */
async function aPhotograph({ system, places: { source } }: Stage): Promise<string> {
  const id = randomUUID();
  await asOwner(
    system,
    `insert into evidence (id, sha256, size, type, uploaded_by, organisation_ids, uploaded_at, name_cipher)
     select $1::uuid, $1::uuid::text, 1, 'image/png', p.id, array[$2::uuid], now(), '' from person p limit 1`,
    [id, source.id],
  );
  return id;
}

/** A certificate in force, written by statement. */
export async function aCertificate(stage: Stage, kind = 'studying'): Promise<string> {
  const id = randomUUID();
  await asOwner(
    stage.system,
    `insert into certificate (id, kind, state, number, student_id, enrolment_id, school_id, issuer_id, issued_on, says_cipher, says_sha256,
       issued_by, office, issued_at)
     select $1::uuid, $3, 'issued', $1::uuid::text, e.student_id, e.id, e.school_id, e.school_id, '2026-06-30', '', '', p.id,
       'schoolClerk', now() from enrolment e cross join (select id from person limit 1) p where e.student_id = $2 limit 1`,
    [id, await aGraduate(stage), kind],
  );
  return id;
}

/** Calls are prepared side by side, and an enrolment has one certificate of a kind. */
const archived = new WeakMap<Stage, Promise<string>>();

function anArchived(stage: Stage): Promise<string> {
  const one = archived.get(stage) ?? aCertificate(stage, 'completion');
  archived.set(stage, one);
  return one;
}

const ofClerk: Refusing = ofHome('not-your-office', ({ places: { source } }, caller) => has(caller, 'schoolClerk', source));

/** What a school does with certificates. */
export const CERTIFICATE_DUTIES: readonly OfficeDuty[] = [
  {
    endpoint: 'certificates',
    acts: ['certificateIssued'],
    call: async (stage) => {
      const studentId = await aGraduate(stage);
      const photographs = [{ studentId, evidenceId: await aPhotograph(stage) }];
      const ofClass = { schoolId: stage.places.source.id, grade: GRADE };
      return { path: '/certificates', body: { kind: 'graduation', ofClass, photographs }, together: true };
    },
    refused: ({ places: { source } }, caller) => unless(has(caller, 'schoolClerk', source), NOT_YOURS),
  },
  {
    endpoint: 'certificates/issuances',
    acts: ['classCertificatesAsked'],
    call: ({ places: { source } }) => ({
      path: '/certificates/issuances',
      body: { kind: 'graduation', schoolId: source.id, grade: GRADE },
    }),
    refused: ({ places: { source } }, caller) => unless(has(caller, 'schoolClerk', source), NOT_YOURS),
  },
  {
    endpoint: 'certificates/archives',
    acts: ['certificatesExported'],
    call: async (stage) => {
      await anArchived(stage);
      return { path: '/certificates/archives', body: { kind: 'completion', schoolId: stage.places.source.id, grade: GRADE } };
    },
    refused: ({ places: { source } }, caller) =>
      unless(has(caller, 'schoolClerk', source) || has(caller, 'schoolReviewer', source), NOT_YOURS),
  },
  {
    endpoint: 'certificates/{id}/voiding',
    acts: ['certificateVoided'],
    call: async (stage) => ({ path: `/certificates/${await aCertificate(stage)}/voiding`, body: { reason: '印制有误' } }),
    refused: ofClerk,
  },
  {
    endpoint: 'certificates/{id}/handing-over',
    acts: ['certificateHandedOver'],
    call: async (stage) => ({ path: `/certificates/${await aCertificate(stage)}/handing-over`, body: { on: '2026-07-01' } }),
    refused: ofClerk,
  },
  {
    endpoint: 'students/{id}/attestations',
    acts: ['certificateIssued'],
    call: ({ students }) => ({ path: `/students/${students[3]?.id}/attestations`, body: { kind: 'studying', language: 'en' } }),
    refused: ofClerk,
  },
];
