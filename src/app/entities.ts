import { AdmissionList } from '../admissions/admission-list.entity.js';
import { Admission } from '../admissions/admission.entity.js';
import { CalendarVersion } from '../calendar/calendar-version.entity.js';
import { Calendar } from '../calendar/calendar.entity.js';
import { StatutoryDay } from '../calendar/statutory-day.entity.js';
import { WorkingDay } from '../calendar/working-day.entity.js';
import { CodeSetVersion } from '../code-sets/code-set-version.entity.js';
import { CodeSet } from '../code-sets/code-set.entity.js';
import { CertificateNumber } from '../certificates/certificate-number.entity.js';
import { Certificate } from '../certificates/certificate.entity.js';
import { ChangeRequest } from '../cases/change-request.entity.js';
import { Consultation } from '../cases/consultation.entity.js';
import { ProcessCursor } from '../cases/process-cursor.entity.js';
import { ProcessIncident } from '../cases/process-incident.entity.js';
import { ReadModelCheck } from '../cases/read-model-check.entity.js';
import { Task } from '../cases/task.entity.js';
import { DataStatement } from '../data-checks/data-statement.entity.js';
import { DoubtAnswer } from '../data-checks/doubt-answer.entity.js';
import { DeadlineMove } from '../deadlines/deadline-move.entity.js';
import { DeadlineNote } from '../deadlines/deadline-note.entity.js';
import { DossierAccess } from '../dossier/dossier-access.entity.js';
import { DossierEvidence } from '../dossier/dossier-evidence.entity.js';
import { Duplicate } from '../dossier/duplicate.entity.js';
import { EnrolmentVersion } from '../dossier/enrolment-version.entity.js';
import { Enrolment } from '../dossier/enrolment.entity.js';
import { FormerDocument } from '../dossier/former-document.entity.js';
import { ReaderHead } from '../dossier/reader-head.entity.js';
import { JobPart } from '../jobs/job-part.entity.js';
import { Draft } from '../drafts/draft.entity.js';
import { PhraseList } from '../drafts/phrase-list.entity.js';
import { Job } from '../jobs/job.entity.js';
import { Intake } from '../dossier/intake.entity.js';
import { Registration } from '../dossier/registration.entity.js';
import { StudentFact } from '../dossier/student-fact.entity.js';
import { Student } from '../dossier/student.entity.js';
import { EventRelay } from '../events/event-relay.entity.js';
import { Event } from '../events/event.entity.js';
import { WebhookDelivery } from '../events/webhook-delivery.entity.js';
import { Webhook } from '../events/webhook.entity.js';
import { EvidenceRemoved } from '../evidence/evidence-removed.entity.js';
import { EvidenceFile } from '../evidence/evidence-file.entity.js';
import { FilingNotice } from '../filing-notices/filing-notice.entity.js';
import { BackgroundRound } from '../health/background-round.entity.js';
import { LedgerVerification } from '../health/ledger-verification.entity.js';
import { IdentityCheck } from '../identity/identity-check.entity.js';
import { PopulationRegister } from '../identity/population-register.entity.js';
import { ImportRow } from '../imports/import-row.entity.js';
import { Import } from '../imports/import.entity.js';
import { LateWindow } from '../late-windows/late-window.entity.js';
import { Graduation } from '../graduations/graduation.entity.js';
import { GraduationMember } from '../graduations/graduation-member.entity.js';
import { JointProgramme } from '../joint-programmes/joint-programme.entity.js';
import { Mail } from '../mail/mail.entity.js';
import { NotificationCursor } from '../notifications/notification-cursor.entity.js';
import { NotificationPreference } from '../notifications/notification-preference.entity.js';
import { Notification } from '../notifications/notification.entity.js';
import { SupervisionOrder } from '../orders/supervision-order.entity.js';
import { OrganisationChange } from '../organisation-changes/organisation-change.entity.js';
import { Head } from '../organisations/head.entity.js';
import { OfficeGrant } from '../organisations/office-grant.entity.js';
import { Organisation } from '../organisations/organisation.entity.js';
import { Proxy } from '../organisations/proxy.entity.js';
import { SchoolMajor } from '../organisations/school-major.entity.js';
import { EndedToken } from '../platform/access/ended-token.entity.js';
import { Idempotency } from '../platform/access/idempotency.entity.js';
import { HeldOffice } from '../platform/access/held-office.entity.js';
import { Unmasking } from '../students/unmasking.entity.js';
import { Usage } from '../platform/access/usage.entity.js';
import { Person } from '../platform/access/person.entity.js';
import { ServiceAccount } from '../platform/access/service-account.entity.js';
import { Session } from '../platform/access/session.entity.js';
import { SignInFailure } from '../platform/access/sign-in-failure.entity.js';
import { ActText } from '../platform/ledger/act-text.entity.js';
import { Act } from '../platform/ledger/act.entity.js';
import { LedgerCheckpoint } from '../platform/ledger/ledger-checkpoint.entity.js';
import { StreamHead } from '../platform/ledger/stream-head.entity.js';
import { PolicyPack } from '../policies/policy-pack.entity.js';
import { Policy } from '../policies/policy.entity.js';
import { OtherRegister } from '../dossier/other-register.entity.js';
import { RegisterCheck } from '../dossier/register-check.entity.js';
import { RegistrationCheck } from '../registrations/registration-check.entity.js';
import { SchoolClass } from '../classes/school-class.entity.js';
import { SchoolTerm } from '../school-terms/school-term.entity.js';
import { TermCount } from '../school-terms/term-count.entity.js';
import { TermRecount } from '../school-terms/term-recount.entity.js';
import { TermRegistration } from '../school-terms/term-registration.entity.js';
import { SuspensionTerm } from '../students/suspension-term.entity.js';
import { Irregularity } from '../supervision/irregularity.entity.js';
import { OpenTaskChange } from '../supervision/open-task-change.entity.js';
import { OpenTaskCount } from '../supervision/open-task-count.entity.js';
import { OverdueCounted } from '../supervision/overdue-counted.entity.js';
import { OverdueDay } from '../supervision/overdue-day.entity.js';
import { StaleCase } from '../supervision/stale-case.entity.js';
import { Urge } from '../tasks/urge.entity.js';
import { StudentSession } from '../platform/access/student-session.entity.js';
import { StudentSignIn } from '../own-dossier/student-sign-in.entity.js';
import { VerificationCode } from '../verifications/verification-code.entity.js';
import { VerificationUse } from '../verifications/verification-use.entity.js';

/** Every table of the database, each described by one class: its columns, their meaning and what they refer to. */
export const ENTITIES = [
  Admission,
  AdmissionList,
  Act,
  ActText,
  BackgroundRound,
  Calendar,
  CalendarVersion,
  Certificate,
  CertificateNumber,
  ChangeRequest,
  CodeSet,
  CodeSetVersion,
  Consultation,
  DataStatement,
  DoubtAnswer,
  DeadlineMove,
  DeadlineNote,
  DossierAccess,
  DossierEvidence,
  Duplicate,
  EndedToken,
  Enrolment,
  EnrolmentVersion,
  Event,
  EventRelay,
  EvidenceFile,
  EvidenceRemoved,
  FilingNotice,
  FormerDocument,
  Head,
  HeldOffice,
  Idempotency,
  IdentityCheck,
  Irregularity,
  JointProgramme,
  LateWindow,
  LedgerCheckpoint,
  LedgerVerification,
  Mail,
  Notification,
  NotificationCursor,
  NotificationPreference,
  OfficeGrant,
  OpenTaskChange,
  OpenTaskCount,
  Organisation,
  OrganisationChange,
  OverdueCounted,
  OverdueDay,
  Person,
  Usage,
  Unmasking,
  Graduation,
  GraduationMember,
  Policy,
  PolicyPack,
  PopulationRegister,
  ProcessCursor,
  ProcessIncident,
  Proxy,
  ReadModelCheck,
  ReaderHead,
  Import,
  ImportRow,
  Intake,
  Draft,
  PhraseList,
  Job,
  JobPart,
  Registration,
  OtherRegister,
  RegisterCheck,
  RegistrationCheck,
  SchoolMajor,
  SchoolClass,
  SchoolTerm,
  ServiceAccount,
  Session,
  SignInFailure,
  StaleCase,
  StatutoryDay,
  StreamHead,
  Student,
  StudentFact,
  StudentSession,
  StudentSignIn,
  SupervisionOrder,
  SuspensionTerm,
  Task,
  TermCount,
  TermRecount,
  TermRegistration,
  Urge,
  VerificationCode,
  VerificationUse,
  Webhook,
  WebhookDelivery,
  WorkingDay,
] as const;
