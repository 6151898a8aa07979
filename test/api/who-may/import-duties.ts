import { randomUUID } from 'node:crypto';
import { asOwner } from '../../fixtures/owner.js';
import { aStudent } from '../../fixtures/imports.js';
import type { OfficeDuty } from './offices.js';
import { formOf } from './registration-duties.js';
import { has, NOT_THERE, NOT_YOURS, readsAt, unless } from './standing-over.js';
import type { Stage } from './stage.js';

/** A list that an operator handed in, who signs off nothing. */
export async function anImport({ system, home }: Stage): Promise<string> {
  const id = randomUUID();
  await asOwner(
    system,
    `insert into import (id, kind, authority_id, handed_in_by, handed_in_at)
     select $1, 'students', $2, person_id, now() from office where office = 'operator' limit 1`,
    [id, home.id],
  );
  return id;
}

/** The same list as a sheet, under the identifiers of its columns. */
async function sheetOf({ home, places: { source } }: Stage): Promise<FormData> {
  const { document, ...person } = aStudent(source);
  const values = { ...person, 'document.type': document.type, 'document.number': document.number };
  return formOf([Object.keys(values), Object.values(values).map(String)], { kind: 'students', authorityId: home.id });
}

/** What an authority brings in from before the system: one person hands it in, another signs it off. */
export const IMPORT_DUTIES: readonly OfficeDuty[] = [
  {
    endpoint: 'imports',
    acts: ['handedIn'],
    call: ({ home, places: { source } }) => ({
      path: '/imports',
      body: { kind: 'students', authorityId: home.id, rows: [aStudent(source)] },
    }),
    refused: ({ home }, caller) => unless(has(caller, 'authorityReviewer', home), NOT_YOURS),
  },
  {
    endpoint: 'imports/sheet',
    acts: ['handedIn'],
    call: async (stage) => ({ path: '/imports/sheet', body: await sheetOf(stage) }),
    refused: ({ home }, caller) => unless(has(caller, 'authorityReviewer', home), NOT_YOURS),
  },
  {
    endpoint: 'imports/{id}/decision',
    acts: ['approved'],
    call: async (stage) => ({
      path: `/imports/${await anImport(stage)}/decision`,
      body: { verdict: 'approve', opinion: '已核对' },
    }),
    refused: ({ home, above, places: { source } }, caller) => {
      if (!readsAt(caller, ...above(source))) return NOT_THERE;
      return unless(has(caller, 'authorityReviewer', home), NOT_YOURS);
    },
  },
];
