import { randomInt, randomUUID } from 'node:crypto';
import { asOwner } from '../../fixtures/owner.js';
import type { OfficeDuty } from './offices.js';
import { has, NOT_THERE, NOT_YOURS, readsAt, unless, type Refusing } from './standing-over.js';
import type { Stage } from './stage.js';

const ofClerk: Refusing = ({ places: { source } }, caller) => unless(has(caller, 'schoolClerk', source), NOT_YOURS);
const ofReviewer: Refusing = ({ places: { source } }, caller) => unless(has(caller, 'schoolReviewer', source), NOT_YOURS);

/** Reviewers of the competent authority; those above it see the statement. */
const ofAuthority: Refusing = (stage, caller) => {
  if (!has(caller, 'authorityReviewer')) return NOT_YOURS;
  if (has(caller, 'authorityReviewer', stage.home)) return undefined;
  const { source } = stage.places;
  return readsAt(caller, source, ...stage.above(source)) ? NOT_YOURS : NOT_THERE;
};

const inspects: Refusing = (stage, caller) => {
  if (!has(caller, 'authorityReviewer') && !has(caller, 'authoritySupervisor')) return NOT_YOURS;
  const above = stage.above(stage.places.source);
  return unless(has(caller, 'authorityReviewer', ...above) || has(caller, 'authoritySupervisor', ...above), NOT_THERE);
};

/** Of whom a rule doubts the age, and nothing else is asked. */
async function doubted({ system, places: { source } }: Stage): Promise<string> {
  const [one] = await asOwner<{ id: string }[]>(
    system,
    `select student_id as id from enrolment where school_id = $1 and state = 'active' and study_mode = 'fullTime' order by id desc limit 1`,
    [source.id],
  );
  await asOwner(system, 'update student set birth_year = 1960 where id = $1', [one?.id]);
  return one?.id ?? '';
}

/** Everything answered, and nothing signed. */
async function ready(stage: Stage): Promise<void> {
  const { source } = stage.places;
  await asOwner(stage.system, 'delete from data_statement where year < 3000');
  const clerk = await stage.holder(source, 'schoolClerk');
  const { body } = await clerk.get<{ items: object[] }>(`/data-checks/doubts?schoolId=${source.id}&limit=200`);
  await asOwner(
    stage.system,
    `insert into doubt_answer (school_id, student_id, rule, seen, answer, answered_by, answered_at)
     select $1, x."studentId", x.rule, x.seen, 'explained', o.person_id, now()
     from jsonb_to_recordset($2::jsonb) x ("studentId" uuid, rule text, seen jsonb)
       cross join (select person_id from office where organisation_id = $1 limit 1) o
     on conflict (school_id, student_id, rule) do update set seen = excluded.seen, answer = 'explained', correct_by = null`,
    [source.id, JSON.stringify(body.items)],
  );
}

/** Each of a term of its own. */
async function signed({ system, places: { source } }: Stage): Promise<string> {
  const id = randomUUID();
  await asOwner(
    system,
    `insert into data_statement (id, school_id, year, nth, state, students, counts, signed_by, signed_at)
     select $1, $2, 3000 + $3::int, 1, 'signed', 0, '[]', o.person_id, now() from office o
     where o.organisation_id = $2 and o.office = 'schoolReviewer' limit 1`,
    [id, source.id, randomInt(1_000_000)],
  );
  return id;
}

/** What schools answer and state of their data, and what authorities make of it. */
export const DATA_CHECK_DUTIES: readonly OfficeDuty[] = [
  {
    endpoint: 'data-checks/answers',
    acts: ['doubtsAnswered'],
    call: async (stage) => ({
      path: '/data-checks/answers',
      body: {
        schoolId: stage.places.source.id,
        items: [{ studentId: await doubted(stage), rule: 'implausibleAge', answer: 'corrected' }],
      },
    }),
    refused: ofClerk,
  },
  {
    endpoint: 'data-checks/samples',
    acts: ['sampleDrawn'],
    call: ({ places: { source } }) => ({ path: '/data-checks/samples', body: { organisationId: source.id, seed: '2026', size: 1 } }),
    refused: inspects,
  },
  {
    endpoint: 'data-checks/statements',
    acts: ['dataStated'],
    call: async (stage) => {
      await ready(stage);
      return { path: '/data-checks/statements', body: { schoolId: stage.places.source.id } };
    },
    refused: ofReviewer,
  },
  {
    endpoint: 'data-checks/statements/{id}/confirmation',
    acts: ['dataStatementConfirmed'],
    call: async (stage) => ({ path: `/data-checks/statements/${await signed(stage)}/confirmation` }),
    refused: ofAuthority,
  },
  {
    endpoint: 'data-checks/statements/{id}/return',
    acts: ['dataStatementReturned'],
    call: async (stage) => ({ path: `/data-checks/statements/${await signed(stage)}/return`, body: { reason: '有未说明的疑点' } }),
    refused: ofAuthority,
  },
];
