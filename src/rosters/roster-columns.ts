import { openClassNames } from '../classes/named-classes.js';
import { majorsInForce } from '../code-sets/catalogues.store.js';
import { FIELD_NAMES } from '../domain/messages/field-names.js';
import { majorsInWords, setInWords } from '../dossier/word-columns.js';
import { majorsOfferedAt } from '../organisations/offers.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Column, SheetSize } from '../sheets/column.js';

/** 2,000 rows of forty-six columns take four seconds, and a marked copy seven; a larger school hands in several sheets. */
export const ROSTER_SIZE: SheetSize = { rows: 2000, unpackedBytes: 40 * 1024 * 1024, milliseconds: 40_000, megabytes: 256 };

/** Classes to choose from. */
const MOST_CLASSES = 500;

/** A column: its path, the code set whose words are chosen from, and what it is called where the field's name does not say it. */
export type FormColumn = readonly [path: string, set?: string, heading?: string];

/** Columns in the order of the form. */
export const PERSON_COLUMNS: readonly FormColumn[] = [
  ['name', undefined, '姓名'],
  ['sex', 'sexes'],
  ['birthDate'],
  ['document.type', 'document-types', '证件类型'],
  ['document.number', undefined, '证件号码'],
  ['documentValidThrough'],
  ['nationality', 'nationalities'],
  ['overseasMark', 'overseas-marks'],
  ['ethnicGroup', 'ethnic-groups'],
  ['formerName'],
  ['namePinyin'],
  ['politicalStatus', 'political-status'],
  ['nativePlace'],
  ['householdType', 'household-types'],
  ['householdDivision'],
  ['householdAddress'],
  ['healthStatus', 'health-status'],
  ['graduationSchool'],
  ['admissionKind', 'admission-kinds'],
  ['origin', 'origins'],
  ['crossStage', 'cross-stage-programmes'],
  ['majorCode', undefined, '专业'],
  ['majorDirection'],
  ['grade'],
  ['className'],
  ['studyMode', 'study-modes'],
  ['lengthYears', 'lengths-of-schooling'],
  ['teachingSite'],
  ['numberAtSchool'],
  ['reportedOn'],
  ['enrolledOn'],
  ['expectedLeavingOn'],
  ['phone'],
  ['address', undefined, '现住址'],
  ['guardianName'],
  ['guardianRelation', 'guardian-relations'],
  ['guardianDocumentType', 'document-types'],
  ['guardianDocumentNumber'],
  ['guardianPhone'],
  ['secondGuardianName'],
  ['secondGuardianRelation', 'guardian-relations'],
  ['secondGuardianDocumentType', 'document-types'],
  ['secondGuardianDocumentNumber'],
  ['secondGuardianPhone'],
  ['formerDocument.type', 'document-types', '原证件类型'],
  ['formerDocument.number', undefined, '原证件号码'],
];

const ALWAYS: readonly string[] = (
  'name sex birthDate document.type document.number ethnicGroup majorCode grade studyMode lengthYears reportedOn enrolledOn ' +
  'expectedLeavingOn'
).split(' ');
const DAYS: readonly string[] = [
  'birthDate',
  'documentValidThrough',
  'expectedLeavingOn',
  'atSchoolSince',
  'suspendedFrom',
  'suspendedUntil',
];

const typeOf = (path: string): Column['type'] => {
  if (DAYS.includes(path) || path.endsWith('On')) return 'date';
  return path === 'lengthYears' ? 'number' : 'text';
};

/** What a roster says of a new student. A star marks what the regulation's form and the province require. */
export async function rosterColumns(tx: Transaction, schoolId: string, required: readonly string[]): Promise<Column[]> {
  const [offered, classes] = [await majorsOfferedAt(tx, [schoolId]), await openClassNames(tx, [schoolId], MOST_CLASSES)];
  const majors = offered.length > 0 ? majorsInWords(offered, await majorsInForce(tx)) : {};
  const chosen: Readonly<Record<string, Pick<Column, 'choices' | 'codes'>>> = {
    majorCode: majors,
    ...(classes.length > 0 ? { className: { choices: classes } } : {}),
  };
  return columnsOfForm(PERSON_COLUMNS, (path) => ALWAYS.includes(path) || required.includes(path), chosen);
}

/** The same columns as sheets have them; `chosen` are words to choose from that no code set has. */
export const columnsOfForm = (
  form: readonly FormColumn[],
  isRequired: (path: string) => boolean,
  chosen: Readonly<Record<string, Pick<Column, 'choices' | 'codes'>>>,
): Column[] =>
  form.map(([path, set, heading = FIELD_NAMES[path] ?? path]) => ({
    path,
    zh: heading,
    heading,
    type: typeOf(path),
    required: isRequired(path),
    ...(set ? setInWords(set) : chosen[path]),
  }));
