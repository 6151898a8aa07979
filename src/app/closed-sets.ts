import { INCIDENTS } from '../cases/incidents.js';
import { CATALOGUE_NAMES } from '../code-sets/catalogues.js';
import { codesOf, RELEASED_SETS } from '../code-sets/code-sets.js';
import { WORD_SETS } from '../code-sets/word-sets.js';
import { ACT_KINDS } from '../domain/case/act-kinds.js';
import { HOLDS } from '../domain/case/case.js';
import { EXCEPTION_GROUNDS } from '../domain/case/details.js';
import { ORDER_STATES } from '../domain/case/order.js';
import { CERTIFICATE_KINDS, CERTIFICATE_STATES } from '../domain/dossier/certificate.js';
import { ENROLMENT_STATES } from '../domain/dossier/dossier.js';
import { DUPLICATE_TYPES } from '../domain/dossier/duplicates.js';
import { HOLDINGS, OTHER_REGISTERS } from '../domain/dossier/other-registers.js';
import { CONTACT_FACTS, CORRECTED_FACTS } from '../domain/dossier/personal-facts.js';
import { STUDY_DATA } from '../domain/dossier/study-data.js';
import { IMPORT_KINDS, PAST_CHANGES } from '../domain/dossier/imported.js';
import { IRREGULARITIES, IRREGULARITY_OUTCOMES } from '../domain/irregularity.js';
import { MESSAGES } from '../domain/messages/messages.js';
import { MAILS, NOTIFICATION_KINDS } from '../domain/messages/notifications.js';
import { LEVELS, OFFICES, SCHOOL_TYPES } from '../domain/offices.js';
import { SERVICE_AREAS } from '../domain/service-account.js';
import { SERVICE_ACCOUNT_STATES } from '../service-accounts/service-accounts.dto.js';
import { ORGANISATION_CHANGES } from '../domain/organisation-change.js';
import { OPTIONAL_RULES } from '../domain/policy/policy.js';
import { BATCH_CASE_KINDS, CAPACITIES, CASE_KINDS, KINDS, PARTIES } from '../domain/procedure/procedure.js';
import { SEASONS } from '../domain/terms/registration-period.js';
import { ACCESSES } from '../dossier/accesses.js';
import { GRANT_STATES } from '../organisations/office-grants.dto.js';
import { SCAN_VERDICTS } from '../evidence/scanner.js';
import { BROWSERS } from '../platform/access/browser.js';
import { ACTIONS } from '../requests/actions.views.js';
import { DIMENSIONS } from '../statistics/statistics.store.js';

const OUTCOMES = ['approved', 'rejected', 'recalled', 'superseded', 'cancelled'];
const CASE_STATES = ['open', ...OUTCOMES];
const VERDICTS = ['approve', 'reject', 'return'];
const DRAFTED = ['draft', 'approved', 'withdrawn'];
const VERSIONS = ['draft', 'activated', 'withdrawn'];
const PACKS = ['draft', 'activated', 'revoked'];
const STEPS = [...Object.keys(PARTIES), 'ruling', 'supplement', 'notice'];
const OWNERS = ['filer', 'sourceSchool', 'destinationSchool', 'sourceAuthority', 'destinationAuthority', 'authority', 'operator'];
const HOLDERS = ['student', 'guardian'];
const REGISTRATIONS = ['held', 'pending', 'registered', 'ended'];
const AUTHENTICATION = ['pending', 'confirmed', 'attested'];
const CORRECTED = [...CORRECTED_FACTS, ...STUDY_DATA, 'majorCode', 'studyMode', 'expectedLeavingOn'];
const DOUBTS = [
  'wrong-weekday',
  'wrong-number-of-days',
  'no-such-date',
  'not-understood',
  'nothing-to-extend',
  'weekday-worked-anyway',
  'out-of-range',
];
const KEEPERS = ['release', 'versions'];
const CODE_SETS = ['majors', ...CATALOGUE_NAMES, ...Object.keys(RELEASED_SETS), ...Object.keys(WORD_SETS)];
const FACTS = [...CORRECTED_FACTS, ...CONTACT_FACTS];
const FINDINGS = [...DUPLICATE_TYPES, 'possibleDuplicate'];
const STEP_STATES = ['waiting', 'open', 'approved', 'rejected', 'returned', 'supplementing'];
const TASK_STATES = ['open', 'decided', 'void', 'paused'];
const ORDER_ACTS = ['ordered', 'filed', 'reopened', 'filingRejected', 'replied', 'ruled', 'withdrawn', 'escalated', 'rerouted'];
const PROBLEM_CODES = Object.keys(MESSAGES);

/** Sets that are long and stand in many places: each is a schema of its own. */
export const SHARED_SETS: Readonly<Record<string, readonly string[]>> = { ProblemCode: PROBLEM_CODES };

/** Of one meaning wherever the field stands. */
const BY_NAME: Readonly<Record<string, readonly string[]>> = {
  admissionKind: codesOf('admission-kinds'),
  authentication: AUTHENTICATION,
  capacities: CAPACITIES,
  capacity: CAPACITIES,
  crossStage: codesOf('cross-stage-programmes'),
  documentType: codesOf('document-types'),
  mail: MAILS,
  objector: HOLDERS,
  office: OFFICES,
  origin: codesOf('origins'),
  owner: OWNERS,
  requestKind: CASE_KINDS,
  season: SEASONS,
  sex: codesOf('sexes'),
  step: STEPS,
  studyMode: codesOf('study-modes'),
};

const ONE_CASE = ['CasePreviewView', 'EventView', 'ChangeRequestView', 'ChangeRequestDetail', 'TaskView', 'TaskDetail', 'FormerChangeView'];
const OF_A_CASE = [...ONE_CASE, 'SubjectView', 'ConsultationView', 'FilingNoticeView', 'IncidentView', 'StaleView', 'OwnChangeView'];

const VERIFIED_FOR = ['enrolment', 'graduation'];

/** Of a meaning that the thing gives it. */
const BY_SCHEMA: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  ...Object.fromEntries(OF_A_CASE.map((name) => [name, { kind: CASE_KINDS }])),
  AccessView: { what: ACCESSES },
  AdmittedView: { state: ['missing', 'reported', 'registered'] },
  AmendmentView: { state: DRAFTED },
  AwaitedStudents: { state: ENROLMENT_STATES },
  ActionView: { action: ACTIONS, verdict: VERDICTS },
  BarredView: { code: PROBLEM_CODES },
  BlockerAnswer: { code: PROBLEM_CODES },
  CasePreviewView: { kind: CASE_KINDS, state: CASE_STATES },
  CertificateView: { kind: CERTIFICATE_KINDS, state: CERTIFICATE_STATES },
  ChangeKindName: { kind: KINDS, filedBy: Object.keys(PARTIES) },
  ChangeKindView: { kind: CASE_KINDS, deadlineScope: ['each', 'total'], rules: OPTIONAL_RULES },
  ChangeRequestDetail: { kind: CASE_KINDS, state: CASE_STATES },
  ChangeRequestView: { kind: CASE_KINDS, state: CASE_STATES },
  CodeSetSummary: { name: CODE_SETS, keptBy: KEEPERS },
  CodeSetView: { name: CODE_SETS, keptBy: KEEPERS },
  ConsultationView: { kind: CASE_KINDS, state: ['open', 'answered', 'void'] },
  ContactChanged: { fields: CONTACT_FACTS },
  CorrectedValueView: { field: CORRECTED },
  DemoStudentView: { state: ENROLMENT_STATES },
  DossierView: { state: ENROLMENT_STATES },
  DoubtView: { code: DOUBTS },
  DraftDetail: { kind: KINDS },
  DraftView: { kind: KINDS },
  DuplicateView: { types: DUPLICATE_TYPES, state: ['open', 'settled'] },
  EnrolmentFigure: { state: ENROLMENT_STATES },
  EnrolmentFigures: { by: DIMENSIONS },
  EnrolmentView: { state: ENROLMENT_STATES },
  EnteredRow: { state: ['pending', 'held'] },
  EvidenceMetadata: { scan: SCAN_VERDICTS },
  EventView: { kind: CASE_KINDS, act: ACT_KINDS },
  ExplainedSegment: { kind: ['visit', 'supplement'] },
  ExplainedDay: { kind: ['arrival', 'counted', 'makeUp', 'statutory', 'holiday', 'weekend', 'paused'] },
  FilingNoticeView: { kind: CASE_KINDS, state: ['recorded', 'queried', 'answered', 'received'] },
  FactView: { fact: FACTS },
  GraduationMemberView: { cause: PROBLEM_CODES },
  GraduationView: { purpose: ['class', 'conversion'] },
  HandoverView: { direction: ['in', 'out'] },
  HoldOfNotification: { kind: HOLDS },
  HoldView: { kind: HOLDS },
  IdentityCheckView: { answer: ['pending', 'matched', 'nameDiffers', 'unknownDocument', 'unavailable'] },
  ImportView: { kind: IMPORT_KINDS },
  ImportedChangeView: { kind: PAST_CHANGES },
  IncidentOfRequest: { found: INCIDENTS },
  IncidentView: { kind: CASE_KINDS, state: CASE_STATES, found: INCIDENTS },
  IrregularityDetail: { category: IRREGULARITIES, outcome: IRREGULARITY_OUTCOMES },
  IrregularityView: { category: IRREGULARITIES, outcome: IRREGULARITY_OUTCOMES },
  KindPreconditionView: { code: PROBLEM_CODES },
  KindStepView: { party: Object.keys(PARTIES) },
  LeavingBlockerView: { code: PROBLEM_CODES },
  MyServiceAccountView: { areas: SERVICE_AREAS, kinds: CASE_KINDS },
  ServiceAccountView: { areas: SERVICE_AREAS, kinds: CASE_KINDS, state: SERVICE_ACCOUNT_STATES },
  IssuedServiceAccountView: { areas: SERVICE_AREAS, kinds: CASE_KINDS, state: SERVICE_ACCOUNT_STATES },
  MoveView: { phase: ['tasks', 'wakes', 'notes', 'done'] },
  NotificationView: { kind: NOTIFICATION_KINDS },
  OfficeGrantView: { state: GRANT_STATES },
  OrderDetail: { kind: KINDS, state: ORDER_STATES },
  OrderEntry: { kind: ORDER_ACTS, verdict: ['accept', 'refuse'] },
  OrderView: { kind: KINDS, state: ORDER_STATES },
  OrganisationChangeView: { kind: ORGANISATION_CHANGES, state: ['planned', 'running', 'done'] },
  OrganisationDetail: { type: SCHOOL_TYPES, level: LEVELS },
  OrganisationView: { type: SCHOOL_TYPES, level: LEVELS },
  OwnCertificateView: { kind: CERTIFICATE_KINDS, state: CERTIFICATE_STATES },
  OwnChangeView: { kind: CASE_KINDS, state: CASE_STATES },
  OwnDossierView: { holder: HOLDERS },
  OwnQueryView: { what: [...ACCESSES, 'verification'], purpose: VERIFIED_FOR },
  OwnRegistrationView: { how: ['registered', 'entry'] },
  Parameter: { kind: KINDS, name: CODE_SETS },
  OwnSessionView: { client: ['program', ...BROWSERS] },
  PackReasonView: { code: PROBLEM_CODES },
  PolicyDetail: { state: PACKS },
  PolicyView: { state: PACKS },
  PreferencesView: { kinds: NOTIFICATION_KINDS },
  PreviewBlockerView: { code: PROBLEM_CODES },
  PreviewStepView: { id: STEPS },
  ProxyView: { kinds: CASE_KINDS },
  RegisteredTermView: { how: ['registered', 'entry'] },
  RegisterAnswerView: { register: OTHER_REGISTERS, answer: ['pending', 'none', 'held'], holding: HOLDINGS },
  RegistrationDetail: { state: REGISTRATIONS, findings: FINDINGS, side: ['own', 'other'] },
  RegistrationView: { state: REGISTRATIONS, findings: FINDINGS, side: ['own', 'other'] },
  RosterFault: { code: PROBLEM_CODES },
  RowFault: { code: PROBLEM_CODES },
  SideAssertionView: { action: ['register', 'corroborate'], ground: EXCEPTION_GROUNDS },
  SignInCodeView: { holder: HOLDERS },
  StepView: { id: STEPS, state: STEP_STATES },
  StudentItem: { state: ENROLMENT_STATES },
  IssuedVerificationCode: { purpose: VERIFIED_FOR },
  VerificationCodeView: { purpose: VERIFIED_FOR },
  StudentSessionView: { holder: HOLDERS },
  StudentView: { state: ENROLMENT_STATES },
  SubjectBatch: { kind: BATCH_CASE_KINDS },
  SubjectView: { kind: CASE_KINDS, as: ['decides', 'advises', 'supervises'] },
  TaskDetail: { kind: CASE_KINDS, state: TASK_STATES, verdict: VERDICTS, allowedVerdicts: VERDICTS, returnTo: STEPS },
  TaskCount: { kind: CASE_KINDS, due: ['overdue', 'today', 'later'] },
  TaskView: { kind: CASE_KINDS, state: TASK_STATES, verdict: VERDICTS },
  TimelineEntry: { kind: ACT_KINDS, verdict: VERDICTS, outcome: OUTCOMES, how: ['answered', 'withdrawn'], returnedTo: STEPS },
  VerifiedCertificate: { kind: CERTIFICATE_KINDS, state: CERTIFICATE_STATES },
  VerifiedView: { state: ENROLMENT_STATES, purpose: VERIFIED_FOR },
  VersionSummary: { state: VERSIONS },
  VersionView: { state: VERSIONS },
  WebhookView: { state: ['active', 'paused', 'suspended', 'removed'], kinds: ACT_KINDS },
  NewWebhookView: { state: ['active', 'paused', 'suspended', 'removed'], kinds: ACT_KINDS },
};

/** The values that a field of codes may have; undefined where the set is open, or class-validator knows it. */
export function closedSetOf(schema: string, field: string, example: unknown): readonly string[] | undefined {
  // A `code` that is shown as one of the catalogue is one of it; so is a `state` shown as that of an enrolment.
  const isOfCatalogue = field === 'code' && typeof example === 'string' && Object.hasOwn(MESSAGES, example);
  const isOfEnrolment = field === 'state' && (ENROLMENT_STATES as readonly unknown[]).includes(example);
  const shown = isOfCatalogue ? PROBLEM_CODES : isOfEnrolment ? ENROLMENT_STATES : undefined;
  return BY_SCHEMA[schema]?.[field] ?? BY_NAME[field] ?? shown;
}
