import type { Kind, Procedure, ProcedureStep, TransferParty } from './procedure.js';

const step = (party: TransferParty, zh: string, en: string, asks?: 'placement'): ProcedureStep => ({
  party,
  title: { zh, en },
  office: party.endsWith('School') ? 'schoolReviewer' : 'authorityReviewer',
  workingDays: 10,
  onOverdue: 'remindThenEscalate',
  ...(asks ? { asks } : {}),
  article: 'Art 14',
});

const SOURCE_SCHOOL = step('sourceSchool', '转出学校核办', 'review by the source school');
const DESTINATION_SCHOOL = step('destinationSchool', '转入学校核办', 'review by the destination school', 'placement');
const SOURCE_AUTHORITY = step('sourceAuthority', '转出方学籍主管部门核办', "review by the source school's competent authority");
const DESTINATION_AUTHORITY = step(
  'destinationAuthority',
  '转入方学籍主管部门核办',
  "review by the destination school's competent authority",
);

/** THE TABLE: one procedure per kind. To change a rule, edit it here and raise its version; cases in flight keep the route they were filed with. */
export const PROCEDURES: Readonly<Record<Kind, Procedure>> = {
  transfer: {
    kind: 'transfer',
    version: 1,
    title: { zh: '转学', en: 'transfer between secondary vocational schools' },
    article: 'Art 14 ¶1 (R-16)',
    filedBy: 'sourceSchool',
    steps: [SOURCE_SCHOOL, DESTINATION_SCHOOL, SOURCE_AUTHORITY, DESTINATION_AUTHORITY],
  },
  crossTrackTransfer: {
    kind: 'crossTrackTransfer',
    version: 1,
    title: { zh: '转学（普职之间）', en: 'transfer between a secondary vocational and an ordinary middle school' },
    article: 'Art 14 ¶2 (R-18)',
    filedBy: 'destinationSchool',
    steps: [DESTINATION_SCHOOL, SOURCE_SCHOOL, DESTINATION_AUTHORITY, SOURCE_AUTHORITY],
  },
};
