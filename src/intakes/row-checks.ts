import type { Type } from '@nestjs/common';
import { blockerWords } from '../domain/refusal.js';
import { MESSAGES, type MessageCode } from '../domain/messages/messages.js';
import type { Words } from '../domain/messages/words.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { fieldView, Problem } from '../platform/http/problem.js';
import { parsePart } from '../platform/http/validation.js';
import { intakeOfDay, type IntakeOf } from '../dossier/intakes.js';
import { indexOf, normalisedPerson, type Person } from '../dossier/person.js';
import { inputFaults, registrationBlockers, type InputFault, type RegisteringSchool } from '../registrations/checks.js';
import { RegistrationInput } from '../registrations/registrations.dto.js';
import type { FaultyRow } from './intakes.dto.js';

/** A row as it was read: fit to be entered, or with all its faults. */
export type ReadRow = { readonly row: number } & (FitRow | { readonly faults: readonly InputFault[] });

interface FitRow {
  readonly input: RegistrationInput;
  readonly person: Person;
}

export type CheckedRow = { readonly row: number } & FitRow;

export const isFaulty = (one: ReadRow): one is { readonly row: number; readonly faults: readonly InputFault[] } => 'faults' in one;

/** Reads a row, and finds all that contradicts itself: of a row that is partly unfit, what of its fit fields can be judged too. */
export function readRow(given: Record<string, unknown>, row: number, today: string): ReadRow {
  const unfit = shapeFaults(given);
  const names = new Set(unfit.map(({ pointer }) => pointer.split('/')[1] ?? ''));
  if (names.has('')) return { row, faults: unfit };
  const isFit = (...fields: string[]) => fields.every((field) => !names.has(field) && given[field] !== undefined);
  const input = given as unknown as RegistrationInput;
  const person = isFit('document', 'name') ? normalisedPerson(input) : undefined;
  const faults = [...unfit, ...(person ? inputFaults(input, person, today, isFit) : [])];
  return faults.length > 0 || !person ? { row, faults } : { row, input: parsePart(RegistrationInput, given, ''), person };
}

function shapeFaults(given: Record<string, unknown>): InputFault[] {
  const read = rowAs(RegistrationInput, given);
  if ('faults' in read) return read.faults;
  return read.input.schoolId === undefined ? [] : [fault('invalid-input', '/schoolId', MESSAGES['invalid-input'])];
}

/** A row as a class has it, or all that is unfit in it. */
export function rowAs<T extends object>(type: Type<T>, given: unknown): { readonly input: T } | { readonly faults: InputFault[] } {
  try {
    return { input: parsePart(type, given, '') };
  } catch (error) {
    if (!(error instanceof Problem) || !error.more.errors) throw error;
    return { faults: error.more.errors.map((one) => ({ ...one, code: 'invalid-input' })) };
  }
}

const fault = (code: MessageCode, pointer: string, detail: Words = MESSAGES[code]): InputFault => ({ code, pointer, detail });

/** A fault of a whole row, at the field by which people see whom it is about. */
export const faultOf = (code: MessageCode): InputFault => fault(code, '/document/number');

/** Judges the fit rows among these; what they ask of the database is asked for all of them together. */
export const judgeRows = (tx: Transaction, school: RegisteringSchool, intake: IntakeOf, read: readonly ReadRow[]): Promise<ReadRow[]> =>
  Promise.all(read.map(async (one) => (isFaulty(one) ? one : judgeRow(tx, school, intake, one))));

/** Why the school can't register a fit row so today in this intake. */
async function judgeRow(tx: Transaction, school: RegisteringSchool, intake: IntakeOf, one: CheckedRow): Promise<ReadRow> {
  const { input, person, row } = one;
  const blockers = await registrationBlockers(tx, school, input, person);
  const of = intakeOfDay(school.schoolId, input.enrolledOn);
  const elsewhere = of.year !== intake.year || of.season !== intake.season;
  const faults = [
    ...blockers.map((found) => fault(found.code, found.pointer ?? '', blockerWords(found))),
    ...(elsewhere ? [fault('another-intake', '/enrolledOn')] : []),
  ];
  return faults.length > 0 ? { row, faults } : one;
}

/** In words, as an answer has them. */
export const faultyView = ({ row, faults }: { readonly row: number; readonly faults: readonly InputFault[] }): FaultyRow => ({
  row,
  errors: faults.map(fieldView),
});

/** Rows that may be one person with another row of the list: by document, by former document, by name, sex and birth date. */
export function likeOneAnother(cipher: FieldCipher, rows: readonly CheckedRow[]): ReadonlySet<CheckedRow> {
  const byKey = new Map<string, CheckedRow[]>();
  const note = (key: string, row: CheckedRow) => byKey.set(key, [...(byKey.get(key) ?? []), row]);
  for (const one of rows) {
    const { document, formerDocument, name, sex, birthDate } = one.person;
    note(`person ${indexOf.name(cipher, name).toString('hex')} ${sex} ${birthDate}`, one);
    for (const known of [document, formerDocument]) if (known) note(indexOf.document(cipher, known).toString('hex'), one);
  }
  return new Set([...byKey.values()].filter((alike) => new Set(alike).size > 1).flat());
}
