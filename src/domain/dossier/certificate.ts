/** Certificates 学历证书 and what attests a study (Art 19–21, R-24, R-26): which there are, of whom, and what each must say. */
import { blocker, type Blocker } from '../refusal.js';
import { monthsLater, type PlainDate } from '../working-days.js';
import type { EnrolmentState } from './dossier.js';

/** 毕业证书, 结业证书, 学历证明书, 在读证明, 肄业证明. */
export const CERTIFICATE_KINDS = ['graduation', 'completion', 'attestation', 'studying', 'partialStudy'] as const;
export type CertificateKind = (typeof CERTIFICATE_KINDS)[number];

/** `superseded`: 结业证书 of who graduated after all (Art 20). `revoked`: handed over, and what it certifies was undone (A19, Art 26). */
export const CERTIFICATE_STATES = ['issued', 'void', 'superseded', 'revoked'] as const;
export type CertificateState = (typeof CERTIFICATE_STATES)[number];

interface CertificateRule {
  readonly zh: string;
  readonly en: string;
  /** The state of the enrolment that it certifies. */
  readonly of: EnrolmentState;
  readonly issuedBy: 'school' | 'authority';
  /** Once for an enrolment: a loss is never made good by a second one (Art 21). A letter of the day 在读证明 may follow another. */
  readonly once: boolean;
  /** Whether it bears the fields of Art 19 that a study which has ended well has: photograph, head, days. */
  readonly whole: boolean;
}

export const CERTIFICATES: Readonly<Record<CertificateKind, CertificateRule>> = {
  graduation: { zh: '毕业证书', en: 'Graduation certificate', of: 'graduated', issuedBy: 'school', once: true, whole: true },
  completion: { zh: '结业证书', en: 'Completion certificate', of: 'completed', issuedBy: 'school', once: true, whole: true },
  attestation: { zh: '学历证明书', en: 'Attestation of schooling', of: 'graduated', issuedBy: 'authority', once: true, whole: true },
  studying: { zh: '在读证明', en: 'Certificate of enrolment', of: 'active', issuedBy: 'school', once: false, whole: false },
  partialStudy: { zh: '肄业证明', en: 'Certificate of partial study', of: 'withdrawn', issuedBy: 'school', once: true, whole: false },
};

/** What the dossier holds of the person and the enrolment when a certificate is asked for. */
export interface Certified {
  readonly kind: CertificateKind;
  readonly state: EnrolmentState;
  readonly studentNumber: string;
  /** Name of the major in its catalogue; undefined where the enrolment has none or no catalogue has it. */
  readonly major?: string;
  readonly enrolledOn: PlainDate;
  /** The last day of study; null while it lasts. */
  readonly leftOn: PlainDate | null;
  /** Months of study at least of who leaves without completing 肄业, by the policy in force on the last day. */
  readonly discontinuedMonths: number;
  readonly photograph: boolean;
  /** The head 负责人 of the school on the day of the certificate. */
  readonly head?: string;
  /** Whether one of the kind was issued for this enrolment and not voided. */
  readonly issued: boolean;
  /** Whether a certificate that an attestation would stand in for still lies at the school. */
  readonly keptAtSchool?: boolean;
  /** Characters without a glyph in the fonts, as `U+20BB7`. */
  readonly unprintable: readonly string[];
}

type Rule = (of: Certified, rule: CertificateRule) => Blocker | undefined;

const rightState: Rule = ({ state }, { of }) => (state === of ? undefined : blocker('certificate-state-differs', 'filer'));
const notYetIssued: Rule = ({ issued }, { once }) => (once && issued ? blocker('certificate-issued', 'filer') : undefined);
/** A provisional number ends where authentication is done: only a formal one stands on what lasts. */
const formalNumber: Rule = ({ studentNumber }) =>
  studentNumber.startsWith('L') ? blocker('student-number-provisional', 'authority') : undefined;
const hasMajor: Rule = ({ major }) => (major === undefined ? blocker('certificate-major-missing', 'filer', '/majorCode') : undefined);
const hasPhotograph: Rule = ({ photograph }, { whole }) =>
  whole && !photograph ? blocker('photograph-missing', 'filer', '/photographs') : undefined;
const hasHead: Rule = ({ head }, { whole, issuedBy }) =>
  whole && issuedBy === 'school' && head === undefined ? blocker('school-head-missing', 'filer') : undefined;
const hasEnd: Rule = ({ leftOn, enrolledOn }, { of }) =>
  of !== 'active' && (leftOn === null || leftOn < enrolledOn) ? blocker('leaving-day-missing', 'filer') : undefined;
const longEnough: Rule = ({ kind, leftOn, enrolledOn, discontinuedMonths }) =>
  kind === 'partialStudy' && leftOn !== null && leftOn < monthsLater(enrolledOn, discontinuedMonths)
    ? blocker('studied-too-briefly', 'filer')
    : undefined;
const handedOver: Rule = ({ keptAtSchool }) => (keptAtSchool === true ? blocker('certificate-not-handed-over', 'filer') : undefined);
const printable: Rule = ({ unprintable }) =>
  unprintable.length === 0
    ? undefined
    : {
        ...blocker('character-not-in-font', 'operator'),
        item: { id: unprintable.join(' '), zh: unprintable.join('、'), en: unprintable.join(', ') },
      };

const RULES: readonly Rule[] = [
  rightState,
  notYetIssued,
  formalNumber,
  hasMajor,
  hasPhotograph,
  hasHead,
  hasEnd,
  longEnough,
  handedOver,
  printable,
];

/** Everything that stands against a certificate, all at once; empty where it may be issued. */
export const certificateBlockers = (of: Certified): Blocker[] => RULES.flatMap((rule) => rule(of, CERTIFICATES[of.kind]) ?? []);

/** What a certificate says, frozen when it is issued: a later correction of the dossier changes no certificate. */
export interface CertificateSays {
  readonly certificateId: string;
  readonly kind: CertificateKind;
  readonly number: string;
  readonly language: 'zh' | 'en';
  readonly name: string;
  /** Of an English letter, where the dossier has it. */
  readonly namePinyin?: string;
  readonly sex: string;
  readonly birthDate: PlainDate;
  readonly documentType: string;
  readonly documentNumber: string;
  readonly studentNumber: string;
  readonly enrolledOn: PlainDate;
  readonly leftOn: PlainDate | null;
  readonly expectedLeavingOn: PlainDate;
  readonly majorCode: string;
  readonly major: string;
  readonly majorDirection: string | null;
  readonly lengthYears: number;
  readonly studyMode: string;
  readonly school: { readonly id: string; readonly code: string; readonly name: string };
  /** Who issued it: the school, or the authority of an attestation. */
  readonly issuer: { readonly id: string; readonly code: string; readonly name: string };
  /** The head of the issuer. */
  readonly head?: string;
  /** The first day of the state that it certifies: of a graduate the day of graduation. */
  readonly since: PlainDate;
  /** The day on it; of a graduation 毕业日期. */
  readonly issuedOn: PlainDate;
  /** SHA-256 of the photograph. */
  readonly photograph?: string;
  /** Number of the certificate that was lost, where this system issued it. */
  readonly inPlaceOf?: string;
  /** What the QR code opens, without the number behind it. */
  readonly verifyAt: string;
  /** Random, so that the digest of all this tells nobody who guesses. */
  readonly salt: string;
}

type Printed = Pick<CertificateSays, 'name' | 'namePinyin' | 'school' | 'issuer' | 'head' | 'major' | 'majorDirection' | 'documentNumber'>;

/** Every text that the pages print, for the question whether the fonts have it. */
export const printedTexts = ({ name, namePinyin, school, issuer, head, major, majorDirection, documentNumber }: Printed): string =>
  [name, namePinyin, school.name, issuer.name, head, major, majorDirection, documentNumber].join('');
