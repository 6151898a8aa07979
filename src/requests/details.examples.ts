import type { Kind } from '../domain/procedure/procedure.js';
import type { Inputs } from './details.js';

/** Details of each kind as a client might send them. The OpenAPI document shows them. */
export const DETAILS_EXAMPLES: { readonly [K in Kind]: Inputs[K] } = {
  transfer: { destinationSchoolId: '5cca9656-2893-595d-8a3f-f900c52b0f24' },
  crossTrackTransfer: { student: { studentNumber: 'G33010620100101123X', name: '张三' } },
  repeatYear: { grade: '2027', className: '2027级1班' },
  changeMajor: { majorCode: '710205', ground: 'aptitude' },
  changeStudyMode: { studyMode: 'partTime', lengthYears: 4 },
  suspension: { ground: 'illness', until: '2027-08-31' },
  resumption: { effectiveOn: '2027-02-22' },
  withdrawal: { ground: 'ownApplication' },
  deregistration: { cause: 'lapsed' },
  death: { diedOn: '2026-11-20', unnatural: false },
  infoCorrection: { changes: { name: '李雷', formerName: '李小雷' }, proofReceivedOn: '2026-11-20' },
  studyCorrection: { enrolledOn: '2025-09-01', lengthYears: 3, majorDirection: '移动应用开发', grade: '2025' },
  registrationException: {
    registrationId: '0192f5c2-0000-7000-8000-000000000000',
    action: 'amend',
    ground: 'enteredWrongly',
    amendments: { birthDate: '2010-01-01' },
  },
  reinstatement: { requestId: '0192f5c2-0000-7000-8000-000000000000', ground: 'enteredByMistake' },
};
