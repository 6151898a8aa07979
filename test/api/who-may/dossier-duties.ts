import { randomUUID } from 'node:crypto';
import { CERTIFICATE_DUTIES } from './certificate-duties.js';
import { INTAKE_DUTIES } from './intake-duties.js';
import type { OfficeDuty } from './offices.js';
import { has, isOfSchool, NOT_YOURS, ofHome, readsAt, unless } from './standing-over.js';

/** What is done to a dossier without a request, and what is issued from it. */
export const DOSSIER_DUTIES: readonly OfficeDuty[] = [
  ...INTAKE_DUTIES,
  {
    endpoint: 'patch students/{id}/contact',
    acts: ['contactChanged'],
    call: ({ students }) => ({ method: 'PATCH', path: `/students/${students[3]?.id}/contact`, body: { phone: '13800000000' } }),
    refused: ofHome('not-your-office', ({ places: { source } }, caller) => has(caller, 'schoolClerk', source)),
  },
  {
    endpoint: 'students/exports',
    acts: ['studentsExported'],
    call: ({ places: { source } }) => ({ path: '/students/exports', body: { schoolId: source.id, reason: '核对在校名单', grade: '2001' } }),
    refused: (stage, caller) => unless(isOfSchool(stage, caller), NOT_YOURS),
  },
  {
    endpoint: 'registrations/{id}/attestation',
    acts: ['identityAttested'],
    call: async (stage, caller) => ({
      path: `/registrations/${stage.ids.unauthenticated}/attestation`,
      body: {
        evidenceIds: [!caller.disabled && has(caller, 'authorityReviewer') ? await stage.evidenceOf(caller) : randomUUID()],
        note: '已核验户口簿原件',
      },
    }),
    refused: ofHome('not-your-office', ({ home }, caller) => has(caller, 'authorityReviewer', home)),
  },
  {
    endpoint: 'students/{id}/sign-in-codes',
    acts: ['signInCodeIssued'],
    call: ({ students }) => ({ path: `/students/${students[3]?.id}/sign-in-codes`, body: { holder: 'student' } }),
    refused: ofHome('not-your-office', ({ places: { source } }, caller) => has(caller, 'schoolClerk', source)),
  },
  {
    endpoint: 'students/{id}/unmaskings',
    acts: ['unmasked'],
    call: ({ students }) => ({ path: `/students/${students[3]?.id}/unmaskings`, body: { reason: '核对毕业证书' } }),
    refused: ofHome('not-your-office', ({ places: { source }, home }, caller) => readsAt(caller, source, home)),
  },
  ...CERTIFICATE_DUTIES,
];
