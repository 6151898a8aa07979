import { randomUUID } from 'node:crypto';
import { addDays } from '../../../src/domain/working-days.js';
import type { DemoOrganisation } from '../../fixtures/demonstration.js';
import { DOCUMENT } from '../../fixtures/packs.js';
import { draftOf } from '../../fixtures/calendar.js';
import type { Person } from './cast.js';
import type { Stage } from './stage.js';
import { ACCOUNT_DUTIES } from './account-duties.js';
import { DOSSIER_DUTIES } from './dossier-duties.js';
import { PAPER_DUTIES } from './paper-duties.js';
import { REGISTRATION_DUTIES } from './registration-duties.js';
import { CODE_SET_DUTIES } from './code-set-duties.js';
import { IMPORT_DUTIES } from './import-duties.js';
import { SCHOOL_DUTIES } from './school-duties.js';
import { WEBHOOK_DUTIES } from './webhook-duties.js';
import { SERVICE_ACCOUNT_DUTIES } from './service-account-duties.js';
import {
  has,
  belongsTo,
  NOT_YOURS,
  NOT_THERE,
  appoints,
  stands,
  ofHome,
  supervisesHome,
  isOfSchool,
  files,
  nation,
  ofTheNation,
  isInProvince,
  supervisesProvince,
  unless,
  another,
  ofNotice,
  reviewsThere,
  answersThere,
  ofDraft,
  type Refusing,
} from './standing-over.js';

/** A call with everything in order but, perhaps, who makes it. */
export interface Call {
  readonly path: string;
  readonly method?: string;
  readonly body?: unknown;
  /** The answer holds a result for each of what was sent together. */
  readonly together?: boolean;
}

/** What is no move on a case: what it leaves on record, how it is asked, and of whom it is refused. */
export interface OfficeDuty {
  readonly endpoint: string;
  readonly acts: readonly string[];
  readonly call: (stage: Stage, caller: Person) => Call | Promise<Call>;
  readonly refused: Refusing;
}

const at =
  (name: string, path: (id: string) => string, body: unknown = { reason: '按规定' }) =>
  ({ ids }: Stage): Call => ({
    path: path(ids[name] as string),
    body,
  });
const cohort = (studentIds: (string | undefined)[], destinationSchoolId: string, evidenceIds: string[]) => ({
  studentIds,
  destinationSchoolId,
  evidenceIds,
  reason: '统一安置',
});
/** Evidence of the caller, who files with it, if the caller may hand in any. */
const proofOf = async (stage: Stage, caller: Person): Promise<string[]> =>
  !caller.disabled && (has(caller, 'schoolClerk') || has(caller, 'authoritySupervisor')) ? [await stage.evidenceOf(caller)] : [];
const transfer = ({ students, places: { neighbour } }: Stage, nth: number) => ({
  studentId: students[nth]?.id,
  details: { destinationSchoolId: neighbour.id },
});
const filing = { kind: 'transfer', reason: '家庭迁居' };

function sheetOf({ sheet, places: { neighbour } }: Stage, evidenceIds: string[]): FormData {
  const common = { evidenceIds, reason: '家庭迁居', details: { destinationSchoolId: neighbour.id } };
  const form = new FormData();
  form.append('options', JSON.stringify({ kind: 'transfer', common }));
  form.append('file', sheet, '转学.xlsx');
  return form;
}

const duty = (endpoint: string, act: string, call: OfficeDuty['call'], refused: OfficeDuty['refused']): OfficeDuty => ({
  endpoint,
  acts: [act],
  call,
  refused,
});

const ofPack = (what: string, act: string, name: string, body?: object): OfficeDuty =>
  duty(
    `policies/{id}/versions/{version}/${what}`,
    act,
    at(name, (id) => `/policies/${id}/${what}`, body),
    ofDraft(),
  );
/** Every endpoint that appends acts and is no move on a case. */
export const OFFICE_DUTIES: readonly OfficeDuty[] = [
  // Filing
  duty(
    'change-requests',
    'filed',
    async (stage, caller) => ({
      path: '/change-requests',
      body: { ...filing, ...transfer(stage, 1), evidenceIds: await proofOf(stage, caller) },
    }),
    files,
  ),
  duty(
    'change-requests/batch',
    'filed',
    async (stage, caller) => ({
      path: '/change-requests/batch',
      body: {
        kind: filing.kind,
        common: { reason: filing.reason, evidenceIds: await proofOf(stage, caller) },
        items: [transfer(stage, 2)],
      },
      together: true,
    }),
    files,
  ),
  duty(
    'change-requests/batch/sheet',
    'filed',
    async (stage, caller) => ({
      path: '/change-requests/batch/sheet',
      body: sheetOf(stage, await proofOf(stage, caller)),
      together: true,
    }),
    files,
  ),
  ...DOSSIER_DUTIES,
  ...SCHOOL_DUTIES,
  ...REGISTRATION_DUTIES,
  // Cohorts
  duty(
    'joint-programmes',
    'jointProgrammeEstablished',
    (stage) => ({ path: '/joint-programmes', body: stage.agreement([stage.places.source.id, stage.places.neighbour.id]) }),
    stands([403, 'not-over-both-schools'], 'source', 'neighbour'),
  ),
  duty(
    'joint-programmes/{id}/cohort-transfers',
    'filed',
    async (stage, caller) => ({
      path: `/joint-programmes/${stage.ids.programme}/cohort-transfers`,
      body: {
        ...cohort([stage.students[0]?.id], stage.places.neighbour.id, await proofOf(stage, caller)),
        sourceSchoolId: stage.places.source.id,
      },
      together: true,
    }),
    ({ places: { source, neighbour }, above }, caller) => {
      if (!belongsTo(caller, source, neighbour, ...above(source))) return NOT_THERE;
      return unless(has(caller, 'schoolClerk', source), NOT_YOURS);
    },
  ),
  duty(
    'organisation-changes',
    'organisationChangePlanned',
    async (stage, caller) => ({
      path: '/organisation-changes',
      body: {
        kind: 'closure',
        schoolId: stage.places.elsewhere.id,
        effectiveOn: addDays(stage.today, 300),
        document: { number: '教职成〔2026〕18号', issuingBody: '教育局', date: '2026-11-20' },
        evidenceIds: [has(caller, 'authoritySupervisor') && !caller.disabled ? await stage.evidenceOf(caller) : randomUUID()],
      },
    }),
    stands([403, 'not-over-both-schools'], 'elsewhere'),
  ),
  duty(
    'organisation-changes/{id}/cohort-transfers',
    'filed',
    async (stage, caller) => ({
      path: `/organisation-changes/${stage.ids.closure}/cohort-transfers`,
      body: cohort([stage.ids.leaver], stage.places.neighbour.id, await proofOf(stage, caller)),
      together: true,
    }),
    ({ closed, above }, caller) => {
      if (!belongsTo(caller, closed, ...above(closed))) return NOT_THERE;
      return unless(has(caller, 'authoritySupervisor', above(closed)[0] as DemoOrganisation), NOT_YOURS);
    },
  ),
  // Offices, accounts, heads, absences, webhooks
  duty(
    'organisations/{id}/offices',
    'granted',
    ({ places: { source, elsewhere }, demo, instant }) => ({
      path: `/organisations/${source.id}/offices`,
      body: { username: demo.holder(elsewhere.id, 'schoolReviewer'), office: 'schoolClerk', from: instant(900) },
    }),
    appoints,
  ),
  duty(
    'organisations/{id}/offices/{officeId}/end',
    'ended',
    ({ places: { source }, ids }) => ({ path: `/organisations/${source.id}/offices/${ids.office}/end`, body: { reason: '岗位调整' } }),
    appoints,
  ),
  ...ACCOUNT_DUTIES,
  ...SERVICE_ACCOUNT_DUTIES,
  duty(
    'organisations/{id}/heads',
    'headSet',
    ({ places: { source }, today }) => ({
      path: `/organisations/${source.id}/heads`,
      body: { displayName: '沈明远', from: addDays(today, 20) },
    }),
    appoints,
  ),
  duty(
    'organisations/{id}/majors',
    'majorsFiled',
    ({ places: { source } }) => ({ path: `/organisations/${source.id}/majors`, body: { intake: '2035', majors: [] } }),
    ({ places: { source }, above }, caller) => {
      if (has(caller, 'schoolClerk', source) || has(caller, 'authoritySupervisor', ...above(source))) return undefined;
      return has(caller, 'schoolClerk') || has(caller, 'authoritySupervisor') ? NOT_THERE : NOT_YOURS;
    },
  ),
  duty(
    'me/proxies',
    'proxyGranted',
    ({ places: { neighbour }, demo, instant }) => ({
      path: '/me/proxies',
      body: {
        username: demo.holder(neighbour.id, 'schoolClerk'),
        office: 'schoolReviewer',
        organisationId: neighbour.id,
        from: instant(910),
        until: instant(911),
        reason: '年休假',
      },
    }),
    ({ places: { neighbour } }, caller) => unless(has(caller, 'schoolReviewer', neighbour), NOT_YOURS),
  ),
  duty(
    'me/proxies/{id}/end',
    'proxyEnded',
    at('proxy', (id) => `/me/proxies/${id}/end`),
    ({ principal }, { id }) => unless(id === principal, NOT_THERE),
  ),
  ...WEBHOOK_DUTIES,
  // Supervision
  duty(
    'orders',
    'ordered',
    ({ places: { source }, today }) => ({
      path: '/orders',
      body: { schoolId: source.id, findings: '核查发现材料缺失。', dueDate: addDays(today, 30) },
    }),
    stands([422, 'invalid-input'], 'source'),
  ),
  duty(
    'orders/{id}/reply',
    'replied',
    at('toReply', (id) => `/orders/${id}/reply`, { reply: '已补。' }),
    ofHome('not-your-order', isOfSchool),
  ),
  duty(
    'orders/{id}/ruling',
    'ruled',
    at('toRule', (id) => `/orders/${id}/ruling`, { verdict: 'accept', note: '属实。' }),
    ofHome('not-your-order', supervisesHome),
  ),
  duty(
    'orders/{id}/withdrawal',
    'withdrawn',
    at('toWithdraw', (id) => `/orders/${id}/withdrawal`),
    ofHome('not-your-order', supervisesHome),
  ),
  duty(
    'irregularities',
    'registered',
    ({ places: { source } }) => ({
      path: '/irregularities',
      body: { organisationId: source.id, category: 'other', findings: '签字代签。' },
    }),
    stands([422, 'invalid-input'], 'source'),
  ),
  duty(
    'irregularities/{id}/outcome',
    'outcome',
    at('irregularity', (id) => `/irregularities/${id}/outcome`, { outcome: 'rectified', note: '已整改。' }),
    ofHome('not-your-office', supervisesHome),
  ),
  duty(
    'filing-notices/{id}/receipt',
    'noticeReceived',
    ({ notices }) => ({ path: `/filing-notices/${notices[0]?.id}/receipt` }),
    ofNotice(0, reviewsThere),
  ),
  duty(
    'filing-notices/{id}/query',
    'noticeQueried',
    ({ notices }) => ({ path: `/filing-notices/${notices[1]?.id}/query`, body: { question: '请补报。' } }),
    ofNotice(1, reviewsThere),
  ),
  duty(
    'filing-notices/{id}/answer',
    'noticeAnswered',
    ({ notices }) => ({ path: `/filing-notices/${notices[2]?.id}/answer`, body: { answer: '已补报。' } }),
    ofNotice(2, answersThere),
  ),
  // The calendar, of the nation and of a province
  duty(
    'calendar/amendments',
    'drafted',
    ({ days }) => ({ path: '/calendar/amendments', body: draftOf(2026, days) }),
    (stage, caller) => unless(ofTheNation(stage, caller), NOT_YOURS),
  ),
  duty(
    'calendar/amendments',
    'drafted',
    ({ province }) => ({ path: '/calendar/amendments', body: draftOf(2026, [], { provinceId: province.id }) }),
    (stage, caller) => unless(supervisesProvince(stage, caller), NOT_YOURS),
  ),
  duty(
    'calendar/amendments/{id}/approval',
    'approved',
    at('nationsDraft', (id) => `/calendar/amendments/${id}/approval`, {}),
    (stage, caller) => unless(ofTheNation(stage, caller), NOT_YOURS) ?? another(stage, nation(stage), caller),
  ),
  duty(
    'calendar/amendments/{id}/approval',
    'approved',
    at('provincesDraft', (id) => `/calendar/amendments/${id}/approval`, {}),
    (stage, caller) =>
      unless(supervisesProvince(stage, caller) || ofTheNation(stage, caller), NOT_YOURS) ?? another(stage, stage.province, caller),
  ),
  duty(
    'calendar/amendments/{id}/withdrawal',
    'withdrawn',
    at('draftToWithdraw', (id) => `/calendar/amendments/${id}/withdrawal`),
    (stage, caller) => unless(ofTheNation(stage, caller), NOT_YOURS),
  ),
  duty(
    'calendar/amendments/{id}/withdrawal',
    'withdrawn',
    at('overlayToWithdraw', (id) => `/calendar/amendments/${id}/withdrawal`),
    (stage, caller) => unless(supervisesProvince(stage, caller), NOT_YOURS),
  ),
  ...PAPER_DUTIES,
  ...CODE_SET_DUTIES,
  ...IMPORT_DUTIES,
  duty(
    'late-windows',
    'lateWindowOpened',
    ({ window }) => ({ path: '/late-windows', body: window }),
    (stage, caller) => unless(supervisesProvince(stage, caller), NOT_YOURS),
  ),
  duty(
    'late-windows/{id}/closing',
    'lateWindowClosed',
    at('lateWindow', (id) => `/late-windows/${id}/closing`),
    (stage, caller) => {
      if (!has(caller, 'authoritySupervisor')) return NOT_YOURS;
      return unless(isInProvince(stage, caller), NOT_THERE) ?? unless(supervisesProvince(stage, caller), NOT_YOURS);
    },
  ),
  duty(
    'policies',
    'drafted',
    ({ province }) => ({ path: '/policies', body: { organisationId: province.id, document: DOCUMENT, content: {} } }),
    (stage, caller) => unless(supervisesProvince(stage, caller), NOT_YOURS),
  ),
  duty(
    'policies/{id}/versions/{version}/activation',
    'activated',
    at('packToActivate', (id) => `/policies/${id}/activation`, { effectiveFrom: '2030-01-01' }),
    ofDraft((stage, caller) => another(stage, stage.province, caller)),
  ),
  ofPack('rebasing', 'rebased', 'packToRebase', {}),
  ofPack('revocation', 'revoked', 'packToRevoke'),
];
