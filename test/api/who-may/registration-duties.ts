import ExcelJS from 'exceljs';
import { randomUUID } from 'node:crypto';
import { somebody } from '../../fixtures/registrations.js';
import { asOwner } from '../../fixtures/owner.js';
import type { OfficeDuty } from './offices.js';
import { has, NOT_THERE, NOT_YOURS, unless, type Refusing } from './standing-over.js';
import type { Stage } from './stage.js';

/** The school's clerk, or a reviewer of an authority above it; of others, whoever holds the office elsewhere does not see the school. */
const handsIn: Refusing = ({ places: { source }, above }, caller) => {
  if (has(caller, 'schoolClerk', source) || has(caller, 'authorityReviewer', ...above(source))) return undefined;
  return has(caller, 'schoolClerk') || has(caller, 'authorityReviewer') ? NOT_THERE : NOT_YOURS;
};

export async function anAdmissionList({ system, places: { source } }: Stage): Promise<string> {
  const id = randomUUID();
  await asOwner(
    system,
    `insert into admission_list (id, school_id, year, season, reports_on, plans, people, handed_in_by, office, organisation_id, recorded_at)
     select $1, $2, 2026, 'autumn', '2026-09-01', '[]', 0, (select id from person limit 1), 'schoolClerk', $2, now()`,
    [id, source.id],
  );
  return id;
}

export async function formOf(rows: readonly string[][], options: object): Promise<FormData> {
  const book = new ExcelJS.Workbook();
  book.addWorksheet('名册').addRows([...rows]);
  const form = new FormData();
  form.append('file', new Blob([Buffer.from(await book.xlsx.writeBuffer())]), 'sheet.xlsx');
  form.append('options', JSON.stringify(options));
  return form;
}

/** 录取名册 as a sheet. */
const listOf = ({ places: { source } }: Stage): Promise<FormData> =>
  formOf(
    [
      ['姓名', '证件类型', '证件号码', '录取专业'],
      ['沈晓岚', '护照', 'E51234568', '710201'],
    ],
    { schoolId: source.id, year: 2026, season: 'autumn', reportsOn: '2026-09-01' },
  );

/** 新生名册 as a sheet. */
function rosterOf({ places: { source } }: Stage): Promise<FormData> {
  const { document, ...person } = somebody() as Record<string, unknown> & { document: { type: string; number: string } };
  const values = { ...person, 'document.type': document.type, 'document.number': document.number };
  return formOf([Object.keys(values), Object.values(values).map(String)], { schoolId: source.id, year: 2026, season: 'autumn' });
}

/** How students come to be on record: admitted, and registered one by one. */
export const REGISTRATION_DUTIES: readonly OfficeDuty[] = [
  {
    endpoint: 'registrations',
    acts: ['registrationMade'],
    call: ({ places: { source } }) => ({ path: '/registrations', body: { ...somebody(), schoolId: source.id } }),
    refused: ({ places: { source } }, caller) => unless(has(caller, 'schoolClerk', source), NOT_YOURS),
  },
  {
    endpoint: 'admission-lists/sheet',
    acts: ['admissionsListed'],
    call: async (stage) => ({ path: '/admission-lists/sheet', body: await listOf(stage) }),
    refused: handsIn,
  },
  {
    endpoint: 'intakes/roster',
    acts: ['opened', 'registrationMade', 'rowsEntered'],
    call: async (stage) => ({ path: '/intakes/roster', body: await rosterOf(stage) }),
    refused: ({ places: { source } }, caller) => unless(has(caller, 'schoolClerk', source), NOT_YOURS),
  },
  {
    endpoint: 'admission-lists',
    acts: ['admissionsListed'],
    call: ({ places: { source } }) => ({
      path: '/admission-lists',
      body: {
        schoolId: source.id,
        year: 2026,
        season: 'autumn',
        reportsOn: '2026-09-01',
        people: [{ name: '沈晓岚', documentType: 'passport', documentNumber: 'E51234567', majorCode: '710201' }],
      },
    }),
    refused: handsIn,
  },
  {
    endpoint: 'admission-lists/{id}/withdrawal',
    acts: ['admissionsWithdrawn'],
    call: async (stage) => ({ path: `/admission-lists/${await anAdmissionList(stage)}/withdrawal`, body: { reason: '误传' } }),
    refused: handsIn,
  },
];
