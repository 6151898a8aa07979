import { majorsInForce } from '../code-sets/catalogues.store.js';
import { CERTIFICATES } from '../domain/dossier/certificate.js';
import { PAST_CHANGES, type ImportKind } from '../domain/dossier/imported.js';
import type { LeavingOutcome } from '../domain/graduation/outcomes.js';
import { PROCEDURES } from '../domain/procedure/procedures.js';
import { majorsInWords } from '../dossier/word-columns.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { columnsOfForm, PERSON_COLUMNS, type FormColumn } from '../rosters/roster-columns.js';
import type { Column } from '../sheets/column.js';

/** Of a registration and not of an import. */
const LEFT_OUT = ['reportedOn', 'formerDocument.type', 'formerDocument.number'];
const FIRST: readonly FormColumn[] = [['schoolCode', undefined, '学校'], ['studentNumber'], ['atSchoolSince']];
const PERSON = PERSON_COLUMNS.filter(([path]) => !LEFT_OUT.includes(path));

const FORMS: Readonly<Record<ImportKind, readonly FormColumn[]>> = {
  students: [...FIRST, ['state', undefined, '学籍状态'], ['suspendedFrom'], ['suspendedUntil'], ...PERSON],
  graduates: [
    ...FIRST,
    ['outcome', undefined, '离校类别'],
    ['leavingOn', undefined, '毕业（离校）日期'],
    ...PERSON.filter(([path]) => path !== 'expectedLeavingOn'),
  ],
  changes: [
    ['studentNumber'],
    ['name', undefined, '姓名'],
    ['kind', undefined, '异动种类'],
    ['effectiveOn', undefined, '异动日期'],
    ['gradeBefore'],
    ['majorCodeBefore'],
    ['studyModeBefore', 'study-modes'],
    ['schoolBefore'],
    ['suspendedUntil'],
    ['approvalNumber'],
    ['reason', undefined, '异动原因'],
  ],
  certificates: [
    ['certificateNumber'],
    ['certificate'],
    ['studentNumber'],
    ['name', undefined, '证书上的姓名'],
    ['issuedOn'],
    ['documentType', 'document-types', '证书上的证件类型'],
    ['documentNumber', undefined, '证书上的证件号码'],
    ['schoolName'],
    ['majorName'],
  ],
};

const OF_PERSON =
  'schoolCode studentNumber name sex birthDate document.type document.number ethnicGroup majorCode grade studyMode lengthYears enrolledOn';
const REQUIRED: Readonly<Record<ImportKind, readonly string[]>> = {
  students: [...OF_PERSON.split(' '), 'expectedLeavingOn', 'state'],
  graduates: [...OF_PERSON.split(' '), 'outcome', 'leavingOn'],
  changes: ['studentNumber', 'name', 'kind', 'effectiveOn'],
  certificates: ['certificateNumber', 'certificate', 'studentNumber', 'name', 'issuedOn'],
};

type Chosen = Pick<Column, 'choices' | 'codes'>;
const inWords = (words: Readonly<Record<string, string>>): Chosen => ({ choices: Object.keys(words), codes: words });

const STATES: Chosen = inWords({ 在读: 'active', 休学: 'suspended' });
const OUTCOMES: Readonly<Record<string, LeavingOutcome>> = { 毕业: 'graduated', 结业: 'completed', 转段: 'advanced', 肄业: 'discontinued' };

/** Schools to choose from. */
const MOST_SCHOOLS = 1000;

/** What a sheet of a kind says, with words to choose from: the schools below the authority, and the majors in force. */
export async function importColumns(tx: Transaction, kind: ImportKind, authorityId: string): Promise<Column[]> {
  const majors = await majorsInForce(tx);
  const inForce = majorsInWords([...majors.keys()], majors);
  const chosen: Readonly<Record<string, Chosen>> = {
    schoolCode: await schoolsInWords(tx, authorityId),
    state: STATES,
    outcome: inWords(OUTCOMES),
    kind: inWords(Object.fromEntries(PAST_CHANGES.map((one) => [PROCEDURES[one].title.zh, one]))),
    certificate: inWords({ [CERTIFICATES.graduation.zh]: 'graduation', [CERTIFICATES.completion.zh]: 'completion' }),
    majorCode: inForce,
    majorCodeBefore: inForce,
  };
  return columnsOfForm(FORMS[kind], (path) => REQUIRED[kind].includes(path), chosen);
}

/** By code and name; the code alone is taken too. */
async function schoolsInWords(tx: Transaction, authorityId: string): Promise<Chosen> {
  const schools = await tx.query<{ code: string; name: string }[]>(
    `select code, name from organisation where level = 'school' and $1::uuid = any(ancestors) and type <> 'ordinaryMiddle'
     order by code limit $2`,
    [authorityId, MOST_SCHOOLS],
  );
  return inWords(Object.fromEntries(schools.map(({ code, name }) => [`${code} ${name}`, code])));
}
