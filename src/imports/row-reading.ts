import type { Type } from '@nestjs/common';
import { documentKey, normaliseDocumentNumber, normaliseName } from '../domain/dossier/id-document.js';
import type { ImportKind } from '../domain/dossier/imported.js';
import { kindOfStudentNumber, parseStudentNumber } from '../domain/dossier/student-number.js';
import { daysFaults } from '../domain/dossier/study.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { MESSAGES, type MessageCode } from '../domain/messages/messages.js';
import type { Words } from '../domain/messages/words.js';
import { normalisedPerson, type Person } from '../dossier/person.js';
import { rowAs } from '../intakes/row-checks.js';
import { inputFaults, type InputFault } from '../registrations/checks.js';
import type { RegistrationInput } from '../registrations/registrations.dto.js';
import { ImportedCertificate, ImportedChange, ImportedGraduate, ImportedStudent } from './import-rows.dto.js';

/** What a row of each kind says. */
export interface RowInputs {
  students: ImportedStudent;
  graduates: ImportedGraduate;
  changes: ImportedChange;
  certificates: ImportedCertificate;
}
export const ROW_CLASSES: { readonly [K in ImportKind]: Type<RowInputs[K]> } = {
  students: ImportedStudent,
  graduates: ImportedGraduate,
  changes: ImportedChange,
  certificates: ImportedCertificate,
};

export interface FitRow<K extends ImportKind = ImportKind> {
  readonly row: number;
  readonly input: RowInputs[K];
}
export interface FaultyRead {
  readonly row: number;
  readonly faults: readonly InputFault[];
}
export type ReadImportRow<K extends ImportKind = ImportKind> = FitRow<K> | FaultyRead;

export const isFaultyRead = (one: object): one is FaultyRead => 'faults' in one;

export const faultAt = (code: MessageCode, pointer: string, detail: Words = MESSAGES[code]): InputFault => ({ code, pointer, detail });
const datesDisagree = (pointer: string): InputFault => faultAt('invalid-input', pointer, FIELD_FAULTS.datesDisagree);

/** Reads the rows of a list, and finds all that is wrong with each by itself, and who stands in it twice. */
export function readRows<K extends ImportKind>(
  kind: K,
  given: readonly { readonly row: number; readonly says: unknown }[],
  today: string,
): ReadImportRow<K>[] {
  return notTwice(
    kind,
    given.map(({ row, says }) => {
      const read = rowAs<RowInputs[K]>(ROW_CLASSES[kind], says);
      const partly = (typeof says === 'object' && says !== null ? says : {}) as RowInputs[K];
      const unfit = 'faults' in read ? read.faults : [];
      const names = new Set(unfit.map(({ pointer }) => pointer.split('/')[1] ?? ''));
      const isFit: IsFit = (...fields) => fields.every((field) => !names.has(field) && Reflect.get(partly, field) !== undefined);
      const faults = names.has('') ? unfit : [...unfit, ...CONTRADICTIONS[kind]('input' in read ? read.input : partly, today, isFit)];
      return faults.length > 0 || !('input' in read) ? { row, faults } : { row, input: read.input };
    }),
  );
}

type IsFit = (...fields: string[]) => boolean;

/** What contradicts itself in a row, as far as its fit fields go. */
const CONTRADICTIONS: { readonly [K in ImportKind]: (input: RowInputs[K], today: string, isFit: IsFit) => InputFault[] } = {
  students: (input, today, isFit) => [...personFaults(input, today, isFit), ...studentFaults(input, today, isFit)],
  graduates: (input, today, isFit) => [...personFaults(input, today, isFit), ...graduateFaults(input, today, isFit)],
  changes: (input, today, isFit) => [
    ...numberFaults(input, isFit),
    ...(isFit('effectiveOn') && input.effectiveOn > today ? [faultAt('invalid-input', '/effectiveOn', FIELD_FAULTS.future)] : []),
    ...(isFit('effectiveOn', 'suspendedUntil') && (input.suspendedUntil ?? '') < input.effectiveOn
      ? [datesDisagree('/suspendedUntil')]
      : []),
  ],
  certificates: (input, today, isFit) => [
    ...numberFaults(input, isFit),
    ...(isFit('issuedOn') && input.issuedOn > today ? [faultAt('invalid-input', '/issuedOn', FIELD_FAULTS.future)] : []),
    ...(isFit('documentType') !== isFit('documentNumber')
      ? [faultAt('invalid-input', isFit('documentType') ? '/documentNumber' : '/documentType', FIELD_FAULTS.missing)]
      : []),
  ],
};

/** Only a formal number stays for life; a provisional one was never anybody's. */
function numberFaults({ studentNumber }: { readonly studentNumber: string }, isFit: IsFit): InputFault[] {
  if (!isFit('studentNumber') || typeof studentNumber !== 'string') return [];
  const number = parseStudentNumber(studentNumber);
  const isFormal = number !== undefined && kindOfStudentNumber(number) !== 'provisional';
  return isFormal ? [] : [faultAt('student-number-not-formal', '/studentNumber')];
}

type ImportedPersonInput = RowInputs['students'] | RowInputs['graduates'];

function personFaults(input: ImportedPersonInput, today: string, isFit: IsFit): InputFault[] {
  const person = isFit('document', 'name') ? [personIn(input)] : [];
  return [
    ...numberFaults(input, isFit),
    ...person.flatMap((one) => inputFaults(input as unknown as RegistrationInput, one, today, isFit)),
    ...(isFit('atSchoolSince', 'enrolledOn') && (input.atSchoolSince ?? '') < input.enrolledOn ? [datesDisagree('/atSchoolSince')] : []),
    ...(isFit('atSchoolSince') && (input.atSchoolSince ?? '') > today
      ? [faultAt('invalid-input', '/atSchoolSince', FIELD_FAULTS.future)]
      : []),
  ];
}

function studentFaults(input: ImportedStudent, today: string, isFit: IsFit): InputFault[] {
  const { state, suspendedFrom, suspendedUntil } = input;
  const days = isFit('grade', 'enrolledOn', 'lengthYears', 'expectedLeavingOn') ? daysFaults(input, today, false) : [];
  const from = firstDayOf(input);
  const suspended = [
    state === 'suspended' && !isFit('suspendedFrom') && faultAt('invalid-input', '/suspendedFrom', FIELD_FAULTS.missing),
    state === 'active' && isFit('suspendedFrom') && faultAt('invalid-input', '/suspendedFrom', FIELD_FAULTS.notAsked),
    state === 'active' && isFit('suspendedUntil') && faultAt('invalid-input', '/suspendedUntil', FIELD_FAULTS.notAsked),
    suspendedFrom !== undefined && (suspendedFrom < from || suspendedFrom > today) && datesDisagree('/suspendedFrom'),
    suspendedUntil !== undefined && suspendedFrom !== undefined && suspendedUntil <= suspendedFrom && datesDisagree('/suspendedUntil'),
  ];
  return [...days.map(({ code, field }) => faultAt(code, `/${field}`)), ...suspended.filter((one) => one !== false)];
}

function graduateFaults(input: ImportedGraduate, today: string, isFit: IsFit): InputFault[] {
  if (!isFit('leavingOn', 'enrolledOn')) return [];
  const { leavingOn } = input;
  const wrong = leavingOn <= firstDayOf(input) ? [datesDisagree('/leavingOn')] : [];
  return leavingOn > today ? [...wrong, faultAt('invalid-input', '/leavingOn', FIELD_FAULTS.future)] : wrong;
}

export const firstDayOf = ({ atSchoolSince, enrolledOn }: ImportedPersonInput): string => atSchoolSince ?? enrolledOn;

export const personIn = ({ document, name, sex, birthDate }: ImportedPersonInput): Person =>
  normalisedPerson({ document, name, sex, birthDate });

/** As it is stored and compared; the row was read as fit. */
export const numberIn = ({ studentNumber }: { readonly studentNumber: string }): string => normaliseDocumentNumber(studentNumber);

/** Of what there is one: whom a row is about, or the number of a certificate. The later row names the earlier one. */
const ONCE: { readonly [K in ImportKind]: (input: RowInputs[K]) => readonly (readonly [key: string, pointer: string])[] } = {
  students: (input) => onceOfPerson(input),
  graduates: (input) => onceOfPerson(input),
  changes: (input) => [[identityText('changes', input), '/effectiveOn']],
  certificates: (input) => [[normaliseDocumentNumber(input.certificateNumber), '/certificateNumber']],
};
const onceOfPerson = (input: ImportedPersonInput): [string, string][] => [
  [documentKey(input.document), '/document/number'],
  [`number ${numberIn(input)}`, '/studentNumber'],
];

function notTwice<K extends ImportKind>(kind: K, read: readonly ReadImportRow<K>[]): ReadImportRow<K>[] {
  const first = new Map<string, number>();
  return read.map((one) => {
    if (isFaultyRead(one)) return one;
    const keys = ONCE[kind](one.input);
    const faults = keys.flatMap(([key, pointer]) => {
      const other = first.get(key);
      return other === undefined
        ? []
        : [faultAt('invalid-input', pointer, FIELD_FAULTS[pointer.endsWith('/document/number') ? 'sameAs' : 'sameNumberAs'](other))];
    });
    if (faults.length > 0) return { row: one.row, faults };
    for (const [key] of keys) first.set(key, one.row);
    return one;
  });
}

/** What makes a row the same row, whenever and in whichever list it comes. */
export function identityText(kind: ImportKind, input: RowInputs[ImportKind]): string {
  if (input instanceof ImportedStudent || input instanceof ImportedGraduate)
    return JSON.stringify([kind, input.schoolCode, documentKey(personIn(input).document), input.enrolledOn]);
  if (input instanceof ImportedChange) return JSON.stringify([kind, numberIn(input), input.kind, input.effectiveOn]);
  if (input instanceof ImportedCertificate) return JSON.stringify([kind, normaliseDocumentNumber(input.certificateNumber)]);
  throw new Error('a row of an import is of one of its kinds');
}

export const nameIn = (input: RowInputs[ImportKind]): string => normaliseName(input.name);
