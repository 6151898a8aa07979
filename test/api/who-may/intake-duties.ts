import JSZip from 'jszip';
import { asOwner } from '../../fixtures/owner.js';
import { FieldCipher } from '../../../src/platform/database/field-cipher.js';
import { portrait } from '../../fixtures/portrait.js';
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

interface EnteredRow {
  readonly id: string;
  readonly intakeId: string;
  readonly studentId: string;
  readonly number: Buffer;
}

/** A row of the school that nobody reviews just now. */
async function aRow({ system, places: { source } }: Stage): Promise<EnteredRow> {
  const [row] = await asOwner<[EnteredRow]>(
    system,
    `select g.id, g.intake_id as "intakeId", g.student_id as "studentId", s.number_cipher as number from registration g
       join enrolment e on e.id = g.enrolment_id and e.state in ('pending', 'heldDuplicate') join student s on s.id = g.student_id
     where g.school_id = $1 and g.request_id is null and not exists (select 1 from change_request r where r.student_id = g.student_id)
     order by g.id desc limit 1`,
    [source.id],
  );
  return row;
}

/** An archive with the photograph of the row's student, named by the provisional number. */
async function photographFor({ system: { config } }: Stage, { studentId, number }: EnteredRow): Promise<FormData> {
  const name = new FieldCipher(config.fieldKey, config.indexKey).decrypt(number, `student.number:${studentId}`);
  const form = new FormData();
  form.append('file', await new JSZip().file(`${name}.jpg`, await portrait()).generateAsync({ type: 'blob' }), 'photographs.zip');
  return form;
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
    endpoint: 'intakes/{id}/photographs',
    acts: ['photographKept'],
    call: async (stage) => {
      const row = await aRow(stage);
      return { path: `/intakes/${row.intakeId}/photographs`, body: await photographFor(stage, row) };
    },
    refused: isClerk,
  },
  {
    endpoint: 'put intakes/{id}/rows/{row}',
    acts: ['registrationCorrected', 'rowCorrected'],
    call: async (stage) => {
      const { id, intakeId } = await aRow(stage);
      return { method: 'PUT', path: `/intakes/${intakeId}/rows/${id}`, body: somebody() };
    },
    refused: isClerk,
  },
  {
    endpoint: 'intakes/{id}/submission',
    acts: ['filed', 'submitted'],
    call: async (stage) => ({ path: await at(stage, 'submission'), body: { note: '请审核' } }),
    refused: isClerk,
  },
];
