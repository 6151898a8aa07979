/** 学籍登记表: what a record says of a person and an enrolment besides identity and study. */
import type { PlainDate } from '../working-days.js';
import { documentProblem, type DocumentProblem, type DocumentType } from './id-document.js';
import { CONTACT_FACTS, FURTHER_FACTS, normalisedFacts } from './personal-facts.js';
import { STUDY_FACTS } from './study-data.js';

/** What a province may require of a new record; the ethnic group is always asked. */
export const RECORD_FIELDS = [...FURTHER_FACTS.filter((fact) => fact !== 'ethnicGroup'), ...CONTACT_FACTS, ...STUDY_FACTS] as const;

/** Types of documents with their numbers: one goes with the other. */
export const DOCUMENT_PAIRS = [
  ['documentType', 'documentNumber'],
  ['guardianDocumentType', 'guardianDocumentNumber'],
  ['secondGuardianDocumentType', 'secondGuardianDocumentNumber'],
] as const;
const [, ...GUARDIANS] = DOCUMENT_PAIRS;

type Values = Readonly<Partial<Record<string, unknown>>>;

/** The facts of a student that a new record states, as they are stored: the ethnic group, further facts and contacts. */
export const factsStated = (record: object): Readonly<Record<string, string>> =>
  normalisedFacts(Object.fromEntries(Object.entries(record).filter(([field]) => STATED.includes(field)))) as Record<string, string>;
const STATED: readonly string[] = [...FURTHER_FACTS, ...CONTACT_FACTS];

/** A field of which a type of document or its number is missing. */
export function unpaired(values: Values): string[] {
  return DOCUMENT_PAIRS.flatMap(([type, number]) => {
    if ((values[type] === undefined) === (values[number] === undefined)) return [];
    return [values[type] === undefined ? type : number];
  });
}

/** What is wrong with the documents of guardians, by the field. */
export function guardianDocumentFaults(values: Values, today: PlainDate): { readonly problem: DocumentProblem; readonly field: string }[] {
  return GUARDIANS.flatMap(([type, number]) => {
    const [kind, text] = [values[type], values[number]];
    if (typeof kind !== 'string' || typeof text !== 'string') return [];
    const problem = documentProblem(kind as DocumentType, text, { today });
    return problem ? [{ problem, field: number }] : [];
  });
}

/** Of whom a record is, as far as it says what applies. */
export interface OnRecord {
  readonly documentType: string;
  readonly minor: boolean;
}

/**
 * Which required fields a record lacks. The end of a document is asked of documents besides the resident identity card. Guardians
 * are asked for minors.
 */
export const lacking = (required: readonly string[], record: object, { documentType, minor }: OnRecord): string[] =>
  required.filter((field) => {
    if ((record as Values)[field] !== undefined) return false;
    if (field === 'documentValidThrough') return documentType !== 'residentId';
    return minor || !/guardian/i.test(field);
  });
