import type { OfficeDuty } from './offices.js';
import { another, nation, NOT_YOURS, ofTheNation, unless } from './standing-over.js';

const VERSIONS = '/code-sets/majors-2021/versions';

/** The catalogues of majors: drafted by one person of the nation's authority, activated by another. */
export const CODE_SET_DUTIES: readonly OfficeDuty[] = [
  {
    endpoint: 'code-sets/{name}/versions',
    acts: ['drafted'],
    call: ({ catalogueDraft }) => ({ path: VERSIONS, body: catalogueDraft }),
    refused: (stage, caller) => unless(ofTheNation(stage, caller), NOT_YOURS),
  },
  {
    endpoint: 'code-sets/{name}/versions/{version}/activation',
    acts: ['activated'],
    call: ({ ids }) => ({ path: `${VERSIONS}/${ids.listToActivate}/activation`, body: {} }),
    refused: (stage, caller) => unless(ofTheNation(stage, caller), NOT_YOURS) ?? another(stage, nation(stage), caller),
  },
  {
    endpoint: 'code-sets/{name}/versions/{version}/withdrawal',
    acts: ['withdrawn'],
    call: ({ ids }) => ({ path: `${VERSIONS}/${ids.listToWithdraw}/withdrawal`, body: { reason: '按规定' } }),
    refused: (stage, caller) => unless(ofTheNation(stage, caller), NOT_YOURS),
  },
];
