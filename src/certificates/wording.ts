import { codeWord } from '../code-sets/code-sets.js';
import { hanDay, hanMonth, hanYears } from '../domain/han-numerals.js';
import { CERTIFICATES, type CertificateKind, type CertificateSays } from '../domain/dossier/certificate.js';

/** A piece of a sentence; what is filled in stands out. */
export interface Run {
  readonly text: string;
  readonly filled?: true;
  /** Stands in one line. The last words of a sentence would else leave one character to a line of its own. */
  readonly whole?: true;
}

const filled = (text: string): Run => ({ text, filled: true });

const whole = (text: string): Run => ({ text, whole: true });

/** Words between which values stand, as runs. */
const sentence = (words: TemplateStringsArray, ...values: string[]): Run[] =>
  words.flatMap((text, nth) => {
    const value = values[nth];
    return [...(text ? [{ text }] : []), ...(value ? [filled(value)] : [])];
  });

const documentOf = ({ documentType, documentNumber }: CertificateSays): Run[] =>
  documentType === 'residentId'
    ? sentence`，居民身份证号码${documentNumber}`
    : sentence`，${codeWord('document-types', documentType)}号码${documentNumber}`;

const majorOf = ({ major, majorDirection }: CertificateSays): string => `${major}专业${majorDirection ? `（${majorDirection}方向）` : ''}`;

const person = (says: CertificateSays): Run[] => [
  ...sentence`学生${` ${says.name}`}，性别${codeWord('sexes', says.sex)}，${hanDay(says.birthDate)}生`,
  ...documentOf(says),
];

const studied = (says: CertificateSays, where: string): Run[] => {
  const { enrolledOn, leftOn, lengthYears, studyMode } = says;
  const to = hanMonth(leftOn ?? says.since);
  return [
    ...sentence`，于${hanMonth(enrolledOn)}至${to}在`,
    { text: where },
    ...sentence`${majorOf(says)}学习，学制${hanYears(lengthYears)}，学习形式为${codeWord('study-modes', studyMode)}`,
  ];
};

const HERE = '本校';

/** What each kind says, in the customary form. */
const BODIES: Readonly<Record<CertificateKind, (says: CertificateSays) => Run[]>> = {
  graduation: (says) => [
    ...person(says),
    ...studied(says, HERE),
    { text: '，修完教学计划规定的全部课程，成绩合格，' },
    whole('准予毕业。'),
  ],
  completion: (says) => [
    ...person(says),
    ...studied(says, HERE),
    { text: '，修完教学计划规定的课程，未达到毕业要求，' },
    whole('准予结业。'),
  ],
  attestation: (says) => [
    ...person(says),
    ...studied(says, says.school.name),
    ...sentence`，成绩合格，于${hanDay(says.since)}毕业${says.inPlaceOf ? `（毕业证书编号 ${says.inPlaceOf}）` : ''}`,
    { text: '。原毕业证书遗失，依据学籍电子档案，特予证明。本证明书与毕业证书' },
    whole('具有同等效力。'),
  ],
  partialStudy: (says) => [
    ...person(says),
    ...studied(says, HERE),
    { text: '，未修完教学计划规定的课程即离校，准予肄业。' },
    whole('特此证明。'),
  ],
  studying: (says) => [
    { text: '兹证明' },
    ...person(says),
    ...sentence`，学籍号${says.studentNumber}，系本校${majorOf(says)}在读学生，于${hanMonth(says.enrolledOn)}入学，学制`,
    ...sentence`${hanYears(says.lengthYears)}，学习形式为${codeWord('study-modes', says.studyMode)}，预计于${hanMonth(says.expectedLeavingOn)}`,
    { text: '毕业。' },
    whole('特此证明。'),
  ],
};

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const englishMonth = (date: string): string => `${MONTHS[Number(date.slice(5, 7)) - 1]} ${date.slice(0, 4)}`;
export const englishDay = (date: string): string => `${Number(date.slice(8))} ${englishMonth(date)}`;

function inEnglish(says: CertificateSays): Run[] {
  const { name, namePinyin, sex, birthDate, documentType, documentNumber, studentNumber, school } = says;
  const kind = codeWord('document-types', documentType, 'en');
  const mode = codeWord('study-modes', says.studyMode, 'en').toLowerCase();
  return [
    ...sentence`This is to certify that ${namePinyin ? `${namePinyin} (${name})` : name}, `,
    ...sentence`${codeWord('sexes', sex, 'en').toLowerCase()}, born on ${englishDay(birthDate)}, ${kind} no. ${documentNumber}, `,
    ...sentence`student number ${studentNumber}, is a student of ${school.name}, in the programme `,
    ...sentence`${says.major}${says.majorDirection ? ` (${says.majorDirection})` : ''}. The student entered in `,
    ...sentence`${englishMonth(says.enrolledOn)}, studies ${mode} in a programme of `,
    ...sentence`${String(says.lengthYears)} years, and is expected to graduate in ${englishMonth(says.expectedLeavingOn)}.`,
  ];
}

/** The sentence of a certificate. */
export const bodyOf = (says: CertificateSays): Run[] => (says.language === 'en' ? inEnglish(says) : BODIES[says.kind](says));

export const titleOf = ({ kind, language }: CertificateSays): string => CERTIFICATES[kind][language];
