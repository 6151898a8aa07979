import { asOwner } from '../../fixtures/owner.js';
import { somebody } from '../../fixtures/registrations.js';
import type { OfficeDuty } from './offices.js';
import { has, NOT_YOURS, ofHome, unless, type Refusing } from './standing-over.js';
import type { Stage } from './stage.js';

const isClerk: Refusing = ofHome('not-your-office', ({ places: { source } }, caller) => has(caller, 'schoolClerk', source));

/** The school's latest intake. */
async function at({ system, places: { source } }: Stage, more: string): Promise<string> {
  const [{ id }] = await asOwner<[{ id: string }]>(
    system,
    'select id from intake where school_id = $1 order by opened_at desc, id limit 1',
    [source.id],
  );
  return `/intakes/${id}/${more}`;
}

/** A row of the school that nobody reviews just now. */
async function aRow({ system, places: { source } }: Stage): Promise<string> {
  const [{ id, intakeId }] = await asOwner<[{ id: string; intakeId: string }]>(
    system,
    `select g.id, g.intake_id as "intakeId" from registration g join enrolment e on e.id = g.enrolment_id
       and e.state in ('pending', 'heldDuplicate')
     where g.school_id = $1 and g.request_id is null and not exists (select 1 from change_request r where r.student_id = g.student_id)
     order by g.id desc limit 1`,
    [source.id],
  );
  return `/intakes/${intakeId}/rows/${id}`;
}

/** What a school does with its intakes. */
export const INTAKE_DUTIES: readonly OfficeDuty[] = [
  {
    endpoint: 'intakes',
    acts: ['opened', 'registrationMade', 'rowsEntered'],
    call: ({ places: { source } }) => ({
      path: '/intakes',
      body: { schoolId: source.id, year: 2026, season: 'autumn', rows: [somebody()] },
    }),
    refused: ({ places: { source } }, caller) => unless(has(caller, 'schoolClerk', source), NOT_YOURS),
  },
  {
    endpoint: 'intakes/{id}/rows',
    acts: ['registrationMade', 'rowsEntered'],
    call: async (stage) => ({ path: await at(stage, 'rows'), body: { rows: [somebody()] } }),
    refused: isClerk,
  },
  {
    endpoint: 'put intakes/{id}/rows/{row}',
    acts: ['registrationCorrected', 'rowCorrected'],
    call: async (stage) => ({ method: 'PUT', path: await aRow(stage), body: somebody() }),
    refused: isClerk,
  },
  {
    endpoint: 'intakes/{id}/submission',
    acts: ['filed', 'submitted'],
    call: async (stage) => ({ path: await at(stage, 'submission'), body: { note: '请审核' } }),
    refused: isClerk,
  },
];
