import type { CorrectedFact } from '../dossier/personal-facts.js';
import type { CorrectedStudy, StudyData } from '../dossier/study-data.js';
import type { Kind } from '../procedure/procedure.js';

/** Day of effect 'YYYY-MM-DD'; each kind has its own default (A20). */
interface Dated {
  readonly effectiveOn?: string;
}

export interface TransferDetails extends Dated {
  readonly destinationSchoolId: string;
  readonly jointProgrammeId?: string;
}
/** The filer names the student by number and name; neither is kept (A23). */
export interface CrossTrackTransferDetails extends Dated {
  readonly destinationSchoolId: string;
}
/** The student joins a later year of intake; left out: the next. */
export interface RepeatYearDetails extends Dated {
  readonly grade?: string;
  readonly className?: string;
}
export const MAJOR_GROUNDS = ['aptitude', 'medical', 'resumed', 'adjustment'] as const;
export interface ChangeMajorDetails extends Dated {
  readonly majorCode: string;
  readonly ground: (typeof MAJOR_GROUNDS)[number];
  readonly grade?: string;
  readonly className?: string;
}
export interface ChangeStudyModeDetails extends Dated {
  readonly studyMode: string;
  /** Length of schooling in years; the expected leaving day moves with it. */
  readonly lengthYears?: number;
}
export const SUSPENSION_GROUNDS = ['illness', 'military', 'startingBusiness', 'workStudy', 'family', 'other'] as const;
export interface SuspensionDetails extends Dated {
  readonly ground: (typeof SUSPENSION_GROUNDS)[number];
  /** Last day of the suspension 'YYYY-MM-DD'. */
  readonly until: string;
}
export type ResumptionDetails = Dated;
export const WITHDRAWAL_GROUNDS = [
  'ownApplication',
  'notResumed',
  'suspendedTwoYears',
  'absence',
  'expulsion',
  'studyAbroad',
  'other',
] as const;
export interface WithdrawalDetails extends Dated {
  readonly ground: (typeof WITHDRAWAL_GROUNDS)[number];
}
export const DEREGISTRATION_CAUSES = ['falseRegistration', 'duplicate', 'missingPerson', 'lapsed', 'judgment'] as const;
/** 注销 needs a cause code (A10). */
export interface DeregistrationDetails extends Dated {
  readonly cause: (typeof DEREGISTRATION_CAUSES)[number];
}
/** `effectiveOn` defaults to `diedOn`. */
export interface DeathDetails extends Dated {
  readonly diedOn: string;
  readonly unnatural?: boolean;
}
/** The personal values themselves are kept encrypted beside the act; here only which of them change. */
export interface InfoCorrectionDetails extends Dated {
  readonly fields: readonly CorrectedFact[];
  /** Day on which student or guardian handed in the proof (Art 16). */
  readonly proofReceivedOn: string;
}
/** 学籍信息更正: at least one of the values. `former` are those that stood at the filing. */
export interface StudyCorrectionDetails extends Dated, CorrectedStudy {
  readonly former?: Partial<StudyData>;
}
export const EXCEPTION_GROUNDS = ['ownDocument', 'documentReissued', 'enteredWrongly', 'differentPerson', 'studiesHere', 'other'] as const;
/** Art 11. The amended values themselves are kept encrypted beside the act; here only which of them are amended. */
export interface RegistrationExceptionDetails extends Dated {
  /** The held registration in dispute: the side's own, or the one held against its student. */
  readonly registrationId: string;
  readonly action: 'amend' | 'corroborate';
  readonly ground: (typeof EXCEPTION_GROUNDS)[number];
  readonly fields?: readonly string[];
}
export const REINSTATEMENT_GROUNDS = ['enteredByMistake', 'revoked', 'court'] as const;
/** Cites the effected request that it undoes and the ground (A19). */
export interface ReinstatementDetails extends Dated {
  readonly requestId: string;
  readonly ground: (typeof REINSTATEMENT_GROUNDS)[number];
}

/** On what grounds a kind is filed, where its details name one. */
export const GROUNDS: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  changeMajor: MAJOR_GROUNDS,
  suspension: SUSPENSION_GROUNDS,
  withdrawal: WITHDRAWAL_GROUNDS,
  deregistration: DEREGISTRATION_CAUSES,
  registrationException: EXCEPTION_GROUNDS,
  reinstatement: REINSTATEMENT_GROUNDS,
};

/** The ground, or cause, that a filing names. */
export function groundOf(details: object): string | undefined {
  const { ground, cause } = details as { ground?: string; cause?: string };
  return ground ?? cause;
}

/** What a filing of each kind carries in clear, besides student, evidence and reason. */
export interface DetailsOf extends Record<Kind, Dated> {
  transfer: TransferDetails;
  crossTrackTransfer: CrossTrackTransferDetails;
  repeatYear: RepeatYearDetails;
  changeMajor: ChangeMajorDetails;
  changeStudyMode: ChangeStudyModeDetails;
  suspension: SuspensionDetails;
  resumption: ResumptionDetails;
  withdrawal: WithdrawalDetails;
  deregistration: DeregistrationDetails;
  death: DeathDetails;
  infoCorrection: InfoCorrectionDetails;
  studyCorrection: StudyCorrectionDetails;
  registrationException: RegistrationExceptionDetails;
  reinstatement: ReinstatementDetails;
}
