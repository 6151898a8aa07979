/** The personal information of a dossier 个人信息: which facts there are, how each may change, and which were in force on a day. */
import { maskBirthDate, maskDocument, normaliseDocumentNumber, normaliseName } from './id-document.js';
import type { PlainDate } from '../working-days.js';

/** Who the person is; kept with the student besides its history. */
export const IDENTITY_FACTS = ['name', 'sex', 'birthDate', 'documentType', 'documentNumber'] as const;
/** The rest of what changes by Art 16 only. */
export const FURTHER_FACTS = [
  'ethnicGroup',
  'formerName',
  'namePinyin',
  'politicalStatus',
  'nativePlace',
  'householdType',
  'householdDivision',
  'healthStatus',
  'guardianName',
  'guardianRelation',
  'guardianDocumentType',
  'guardianDocumentNumber',
  'secondGuardianName',
  'secondGuardianRelation',
  'secondGuardianDocumentType',
  'secondGuardianDocumentNumber',
  'nationality',
  'overseasMark',
  'documentValidThrough',
  'graduationSchool',
  'householdAddress',
] as const;
/** The closed list of what a school changes directly (A11). Who the guardian is decides things, and changes by Art 16. */
export const CONTACT_FACTS = ['phone', 'address', 'guardianPhone', 'secondGuardianPhone'] as const;

export const CORRECTED_FACTS = [...IDENTITY_FACTS, ...FURTHER_FACTS] as const;
export type IdentityFact = (typeof IDENTITY_FACTS)[number];
export type CorrectedFact = (typeof CORRECTED_FACTS)[number];

export type Identity = Readonly<Record<IdentityFact, string>>;
/** Values by fact; a fact that was never stated is absent. */
export type Personal = Readonly<Partial<Record<CorrectedFact, string>>>;

export const isIdentityFact = (fact: string): fact is IdentityFact => (IDENTITY_FACTS as readonly string[]).includes(fact);

/** Whether a correction asks for authentication (R-09, Art 16): one of anything that the population service knows a person by. */
export const touchesIdentity = (fields: readonly string[]): boolean => fields.some(isIdentityFact);

const FORM: Readonly<Record<string, (text: string) => string>> = {
  name: normaliseName,
  formerName: normaliseName,
  guardianName: normaliseName,
  secondGuardianName: normaliseName,
  documentNumber: normaliseDocumentNumber,
  guardianDocumentNumber: normaliseDocumentNumber,
  secondGuardianDocumentNumber: normaliseDocumentNumber,
};

const placeOf = (fact: string): number => ([...CORRECTED_FACTS, ...CONTACT_FACTS] as string[]).indexOf(fact);

/** Values as they are stored and compared, in the order of the facts, and no field that was left out. */
export const normalisedFacts = (values: object): Personal =>
  Object.fromEntries(
    Object.entries(values)
      .sort(([one], [other]) => placeOf(one) - placeOf(other))
      .flatMap(([field, value]) => (typeof value === 'string' ? [[field, FORM[field]?.(value) ?? value]] : [])),
  );

/** As everywhere: numbers of documents, and the birth date in them. */
export function maskedFact(fact: string, value: string): string {
  if (fact.toLowerCase().endsWith('documentnumber')) return maskDocument(value);
  return fact === 'birthDate' ? maskBirthDate(value) : value;
}

/** The student number 学籍号 as a fact: stated only where a formal number took the place of a provisional one. */
export const NUMBER_FACT = 'studentNumber';

/** First day of a fact in force since the dossier began. */
export const EVER: PlainDate = '0001-01-01';

/** On record since an instant (epoch milliseconds): from a day on, the fact has this value. */
export interface Statement {
  readonly fact: string;
  readonly value: string;
  readonly validFrom: PlainDate;
  readonly recordedAt: number;
}

/** A fact in force on a day. */
export interface FactInForce extends Statement {
  /** The first day on which another value holds, or null. */
  readonly validTo: PlainDate | null;
}

/**
 * The facts in force on a day, as they were on record by an instant. `statements` come in the order of recording. A statement is in force
 * from its day on. Of two that cover a day, the one recorded later counts.
 */
export function factsOn(statements: readonly Statement[], day: PlainDate, recordedBy = Infinity): FactInForce[] {
  const onRecord = statements.filter(({ recordedAt }) => recordedAt <= recordedBy);
  return [...new Set(onRecord.map(({ fact }) => fact))].sort().flatMap((fact) => {
    const ofFact = onRecord.filter((one) => one.fact === fact);
    const nth = ofFact.findLastIndex(({ validFrom }) => validFrom <= day);
    const held = ofFact[nth];
    if (!held || held.value === '') return []; // withdrawn: an undone correction had stated it first
    const [validTo = null] = ofFact
      .slice(nth + 1)
      .map(({ validFrom }) => validFrom)
      .sort();
    return [{ ...held, validTo }];
  });
}
