import { DOCUMENT_PROBLEMS, documentProblem, type DocumentProblem, type DocumentType, type Sex } from '../dossier/id-document.js';
import { touchesIdentity, type CorrectedFact, type Personal } from '../dossier/personal-facts.js';
import { DOCUMENT_PAIRS, guardianDocumentFaults, unpaired } from '../dossier/record.js';
import { blocker, type Blocker } from '../refusal.js';
import { coded, type AboutStudent, type OwnRule, type Rules, type StudentRule } from './facts.js';

type Rule = OwnRule<'infoCorrection'>;

/** The values as they stand and the proposed ones: compared here, and never part of an answer. */
export interface Correction {
  readonly former: Personal;
  readonly changes: Personal;
  /** Another student has the proposed document. */
  readonly documentTaken?: boolean;
}

const at = (field: string): string => `/details/changes/${field}`;
const NOTHING: Correction = { former: {}, changes: {} };

const somethingChanges: Rule = ({ details: { fields } }) =>
  fields.length === 0 ? blocker('nothing-to-change', 'filer', '/details/changes') : undefined;

const eachValueDiffers: Rule = ({ correction: { former, changes } = NOTHING, details: { fields } }) => {
  const kept = DOCUMENT_PAIRS.flatMap(([type, number]): string[] => (number in changes ? [type] : []));
  const same = fields.find((field) => former[field] === changes[field] && !kept.includes(field));
  return same ? blocker('value-not-changed', 'filer', at(same)) : undefined;
};

const documentTypeWithNumber: Rule = ({ details: { fields } }) =>
  unpaired(Object.fromEntries(fields.map((field) => [field, true]))).map((field) => blocker('document-incomplete', 'filer', at(field)));

/**
 * The document, new or not, must fit the sex and birth date, new or not: a resident identity number holds both. What does not, and where.
 */
export function documentFault(
  { former, changes }: Correction,
  today: string,
): { problem: DocumentProblem; field: CorrectedFact } | undefined {
  const { documentType, documentNumber, birthDate, sex } = { ...former, ...changes };
  if (!touchesIdentity(Object.keys(changes)) || !documentType || !documentNumber) return undefined;
  if ('documentType' in changes !== 'documentNumber' in changes) return undefined; // said already
  const problem = documentProblem(documentType as DocumentType, documentNumber, { birthDate, sex: sex as Sex | undefined, today });
  if (!problem) return undefined;
  return { problem, field: 'documentNumber' in changes ? 'documentNumber' : problem === 'document-sex-differs' ? 'sex' : 'birthDate' };
}

const documentFits: Rule = ({ correction = NOTHING, today }) => {
  const own = documentFault(correction, today);
  const faults = [...(own ? [own] : []), ...guardianDocumentFaults(correction.changes, today)];
  return faults.map(({ problem, field }) => blocker(problem, 'filer', at(field)));
};

/** One document, one person: said before the school and its authority decide, and not when the change is to take effect. */
const documentFree: Rule = ({ correction: { documentTaken } = NOTHING }) =>
  documentTaken ? blocker('document-in-use', 'filer', at('documentNumber')) : undefined;

const bornBeforeToday: Rule = ({ correction: { changes } = NOTHING, today }) =>
  changes.birthDate !== undefined && changes.birthDate > today ? blocker('date-in-future', 'filer', at('birthDate')) : undefined;

const proofReceivedByToday: Rule = ({ details: { proofReceivedOn }, today }) =>
  proofReceivedOn > today ? blocker('date-in-future', 'filer', '/details/proofReceivedOn') : undefined;

const proofReceivedSinceEnrolment: StudentRule<'infoCorrection'> = ({ enrolment }, { details: { proofReceivedOn } }) =>
  proofReceivedOn < enrolment.enrolledOn ? blocker('date-before-enrolment', 'filer', '/details/proofReceivedOn') : undefined;

/** Nobody is enrolled before being born. */
export const bornBeforeEnrolment = (
  { enrolment: { enrolledOn } }: AboutStudent,
  birthDate: string | undefined,
  pointer: string,
): Blocker | undefined =>
  birthDate !== undefined && birthDate >= enrolledOn ? blocker('birth-after-enrolment', 'filer', pointer) : undefined;

/** Art 16: a start later after the receipt of the proof than policy has it is accepted and marked, never refused. */
export const INFO_CORRECTION: Rules<'infoCorrection'> = {
  own: {
    somethingChanges: coded('nothing-to-change', somethingChanges),
    proofReceivedByToday: coded('date-in-future', proofReceivedByToday),
    documentTypeWithNumber: coded('document-incomplete', documentTypeWithNumber),
    bornBeforeToday: coded('date-in-future', bornBeforeToday),
    documentFits: coded(DOCUMENT_PROBLEMS, documentFits),
    eachValueDiffers: coded('value-not-changed', eachValueDiffers),
    documentFree: coded('document-in-use', documentFree),
  },
  student: {
    proofReceivedSinceEnrolment: coded('date-before-enrolment', proofReceivedSinceEnrolment),
    bornBeforeEnrolment: coded('birth-after-enrolment', (student, { correction: { changes } = NOTHING }) =>
      bornBeforeEnrolment(student, changes.birthDate, at('birthDate')),
    ),
  },
};
