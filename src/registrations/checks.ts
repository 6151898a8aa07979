import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { MESSAGES, type MessageCode } from '../domain/messages/messages.js';
import { documentProblem } from '../domain/dossier/id-document.js';
import { guardianDocumentFaults, lacking, unpaired } from '../domain/dossier/record.js';
import { daysFaults, placeFault } from '../domain/dossier/study.js';
import { trackOf } from '../domain/offices.js';
import type { Policy } from '../domain/policy/policy.js';
import { classBlocker } from '../domain/preconditions/index.js';
import { blocker, type Blocker } from '../domain/refusal.js';
import { intakeBlockers, lateBlockers } from '../domain/terms/registration-period.js';
import { addWorkingDays, calendarFor, dateOf, monthsLater, type WorkingCalendar } from '../domain/working-days.js';
import type { CaseContext } from '../cases/case-context.js';
import { namedClassAt } from '../classes/named-classes.js';
import { indexOf, type Person } from '../dossier/person.js';
import { registrationIsOpen } from '../late-windows/late-windows.store.js';
import { studyPlaceOf } from '../organisations/offers.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { Problem, type FieldProblem } from '../platform/http/problem.js';
import type { PolicyStore } from '../policies/policies.store.js';
import type { RegistrationInput } from './registrations.dto.js';

/** A fault of a field, with the code by which a client tells it. */
export interface InputFault extends FieldProblem {
  readonly code: MessageCode;
}

/** What of a record contradicts itself, of the fields that are fit to be read. `isFit` says which are. */
export function inputFaults(
  input: RegistrationInput,
  person: Person,
  today: string,
  isFit: (...fields: string[]) => boolean = () => true,
): InputFault[] {
  const document = isFit('document', 'birthDate', 'sex') ? documentFaults(person, today) : [];
  return [...guardianFaults(input, today, isFit), ...document, ...dateFaults(input, today, isFit)];
}

function guardianFaults(input: RegistrationInput, today: string, isFit: (...fields: string[]) => boolean): InputFault[] {
  const { documentType: _none, documentNumber: _neither, ...record } = input as RegistrationInput & Record<string, unknown>;
  const fit = Object.fromEntries(Object.entries(record).filter(([field]) => isFit(field)));
  const faults = [
    ...unpaired(record).map((field) => ({ problem: 'document-incomplete' as const, field })),
    ...guardianDocumentFaults(fit, today),
  ];
  return faults.map(({ field, problem: code }) => ({ code: 'document-invalid', pointer: `/${field}`, detail: MESSAGES[code] }));
}

function documentFaults({ document, birthDate, sex }: Person, today: string): InputFault[] {
  const problem = documentProblem(document.type, document.number, { birthDate, sex, today });
  return problem ? [{ code: 'document-invalid', pointer: '/document/number', detail: MESSAGES[problem] }] : [];
}

function dateFaults(
  { reportedOn, enrolledOn, expectedLeavingOn, birthDate }: RegistrationInput,
  today: string,
  isFit: (...fields: string[]) => boolean,
): InputFault[] {
  const wrong = [
    ...(isFit('reportedOn') && reportedOn > today ? ['/reportedOn'] : []),
    ...(isFit('enrolledOn', 'expectedLeavingOn') && expectedLeavingOn <= enrolledOn ? ['/expectedLeavingOn'] : []),
    ...(isFit('enrolledOn', 'birthDate') && birthDate >= enrolledOn ? ['/birthDate'] : []),
  ];
  return wrong.map((pointer) => ({ code: 'invalid-input', pointer, detail: FIELD_FAULTS.datesDisagree }));
}

/** @throws Problem of the first fault, with all of them */
export function refuseFaults(faults: readonly InputFault[]): void {
  const [first] = faults;
  if (first) throw new Problem(first.code, { errors: faults });
}

/** A school that registers, with what holds for all its new students today. */
export interface RegisteringSchool {
  readonly schoolId: string;
  readonly type: string;
  readonly divisionCode: string;
  readonly provinceId: string;
  readonly calendar: WorkingCalendar;
  readonly policy: Policy;
  readonly today: string;
}

/** @throws Problem not-your-office where the school is closed or registers nobody here */
export async function registeringSchool(
  tx: Transaction,
  { context, policies }: { readonly context: CaseContext; readonly policies: PolicyStore },
  schoolId: string,
): Promise<RegisteringSchool> {
  const today = dateOf(context.clock.now());
  const [school] = await tx.query<{ type: string; divisionCode: string; closed: boolean; ancestors: string[]; provinceId: string }[]>(
    `select type, division_code as "divisionCode", ancestors, province_id as "provinceId", coalesce(closed_on <= $2::date,
      false) as closed from organisation where id = $1`,
    [schoolId, today],
  );
  if (!school || school.closed || trackOf(school.type) !== 'vocational') throw new Problem('not-your-office');
  const calendar = calendarFor(await context.calendar.current(tx), { holder: schoolId, ladder: school.ancestors });
  return { ...school, schoolId, calendar, today, policy: await policies.inForce(tx, school.provinceId, today) };
}

/** Why the school can't register somebody so today. */
export async function registrationBlockers(
  tx: Transaction,
  school: RegisteringSchool,
  input: RegistrationInput,
  person: Person,
): Promise<Blocker[]> {
  const { reportedOn, enrolledOn } = input;
  const [study, isOpen] = await Promise.all([studyBlockers(tx, school, input), registrationIsOpen(tx, { ...school, enrolledOn })]);
  return [...study, ...lackingOf(school.policy, input, person), ...intakeBlockers(reportedOn, enrolledOn), ...lateBlockers(isOpen)];
}

/** Later after reporting than policy allows, at most twenty working days (Art 6, R-05). */
export const isLate = ({ calendar, policy, today }: RegisteringSchool, { reportedOn }: RegistrationInput): boolean =>
  today > addWorkingDays(calendar, reportedOn, policy.registerWorkingDays).date;

/** What the province requires of a new record and this one does not say. */
const lackingOf = ({ requiredRecord = [] }: Policy, input: RegistrationInput, { document, birthDate }: Person): Blocker[] =>
  lacking(requiredRecord, input, { documentType: document.type, minor: monthsLater(birthDate, 18 * 12) > input.enrolledOn }).map((field) =>
    blocker('record-field-required', 'filer', `/${field}`),
  );

/** Why nobody studies so at the school: days, grade and length contradict one another, it does not offer it, or has no such class. */
async function studyBlockers(tx: Transaction, school: RegisteringSchool, input: RegistrationInput): Promise<Blocker[]> {
  const [place, namedClass] = await Promise.all([
    studyPlaceOf(tx, school, { code: input.majorCode, takenUp: true }),
    namedClassAt(tx, school.schoolId, input.className),
  ]);
  const found = placeFault(input, place);
  const classed = classBlocker(namedClass, input, { owner: 'filer', pointer: '/className' });
  const faults = [...daysFaults(input, school.today, true), ...(found ? [found] : [])];
  return [...faults.map(({ code, field }) => blocker(code, 'filer', `/${field}`)), ...(classed ? [classed] : [])];
}

/** Two registrations of one person at the same time see one another: of each the document and the name are locked, in one order. */
export async function alone(tx: Transaction, { cipher }: Pick<CaseContext, 'cipher'>, persons: readonly Person[]): Promise<void> {
  const keys = persons.flatMap(({ document, name }) =>
    [indexOf.document(cipher, document), indexOf.name(cipher, name)].map((index) => index.readBigInt64BE(0)),
  );
  const ordered = [...new Set(keys)].sort((a, b) => (a < b ? -1 : 1)).map(String);
  await tx.query('select pg_advisory_xact_lock(key) from unnest($1::bigint[]) as one (key)', [ordered]);
}
