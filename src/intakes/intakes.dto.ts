import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { SEASONS } from '../domain/terms/registration-period.js';
import { RegistrationInput } from '../registrations/registrations.dto.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { IsId } from '../platform/http/id.js';
import { IsText } from '../platform/http/is-text.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { MultiLine } from '../platform/http/texts.js';

/** The most rows of one call; more come by further ones. */
export const MOST_INTAKE_ROWS = 500;

/**
 * Rows of an intake. Each is a registration without `schoolId`; it is checked by itself, and every fault is told. A field that no
 * registration has is no fault of a row: it refuses the call.
 */
export class IntakeRows {
  @ApiProperty({ type: 'array', items: { $ref: '#/components/schemas/RegistrationInput' }, maxItems: MOST_INTAKE_ROWS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_INTAKE_ROWS)
  @Type(() => RegistrationInput)
  rows: Record<string, unknown>[];

  /** The number of the first row, for the eye of who made the list. @example 1 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  firstRow: number = 1;
}

export class OpenIntake extends IntakeRows {
  /** The caller's own school. A clerk of one school only may leave it out. */
  @IsOptional()
  @IsId()
  schoolId?: string;

  /** The year in which the registration of the intake ends. @example 2026 */
  @IsInt()
  @Min(2000)
  @Max(2999)
  year: number;

  /** `autumn` ends on 20 November, `spring` on 20 April (Art 6). @example autumn */
  @IsIn(SEASONS)
  season: (typeof SEASONS)[number];
}

export class SubmitIntake {
  /** What the school says of it to the reviewers. @example 2026年秋季新生，请审核 */
  @IsText(2000)
  @MultiLine()
  note: string;
}

export const ROW_STATES = [
  'entered',
  'underReview',
  'returned',
  'heldBack',
  'held',
  'awaitingAuthentication',
  'registered',
  'ended',
] as const;
export type RowState = (typeof ROW_STATES)[number];

export class IntakeQuery extends PageQuery {
  /** A school whose intakes are listed; left out, those of all schools that the caller sees. */
  @IsOptional()
  @IsId()
  schoolId?: string;

  @IsOptional()
  @IsIn(SEASONS)
  season?: (typeof SEASONS)[number];

  /** @example 2026 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(2000)
  @Max(2999)
  year?: number;
}

export class IntakeRowQuery extends PageQuery {
  /** @example returned */
  @IsOptional()
  @IsIn(ROW_STATES)
  state?: RowState;
}

/** How many rows stand where. */
export class IntakeCounts {
  /** @example 300 */
  rows: number;
  /** Entered and not submitted yet. */
  entered: number;
  underReview: number;
  /** Returned by a reviewer, with a reason. */
  returned: number;
  /** Not registered by the review for another cause. */
  heldBack: number;
  /** Held as duplicates, or because the population service does not confirm the identity (Art 8). */
  held: number;
  /** Approved by both reviews; the identity is still to be authenticated, or the cut-off has passed. */
  awaitingAuthentication: number;
  registered: number;
  /** Ended without a registration. */
  ended: number;
}

/** The clock of R-05: the school builds the record within working days of the day on which the student reported. */
export class RecordDeadline {
  /** @example 20 */
  workingDays: number;
  /** Rows that were entered later. */
  late: number;
}

/** The clock of R-06: registration, with review and authentication, ends on a fixed day. */
export class RegistrationDeadline {
  /** @example 2026-11-20 */
  endsOn: string;
  /** Whether that day has passed with rows left to register. */
  overdue: boolean;
  /** Rows left to register. */
  left: number;
  /** Rows that were registered after that day, in the province's window. */
  late: number;
}

export class IntakeView {
  id: string;
  /** @example 330110001-2026-autumn-1 */
  number: string;
  school: OrganisationName;
  /** @example 2026 */
  year: number;
  /** @example autumn */
  season: string;
  openedAt: string;
  /** The open case of its review, or null. */
  requestId: string | null;
  counts: IntakeCounts;
  /** Rows that are registered or ended, of all, from 0 to 1. @example 0.97 */
  progress: number;
  recordDeadline: RecordDeadline;
  registrationDeadline: RegistrationDeadline;
}

export class IntakePage {
  items: IntakeView[];
  nextCursor: string | null;
}

/** A fault of a row, by its field. */
export class RowFault {
  /** JSON pointer within the row. @example /document/number */
  pointer: string;
  /** The field by its name. @example 证件号码 */
  label: string;
  /** @example document-invalid */
  code: string;
  detail: string;
}

export class FaultyRow {
  /** @example 3 */
  row: number;
  errors: RowFault[];
}

export class EnteredRow {
  /** @example 1 */
  row: number;
  /** The registration. */
  id: string;
  /** `pending` or `held`. @example pending */
  state: string;
}

/** What became of the rows of one call. Nothing of a faulty row is kept. */
export class EnteredRows {
  /** Null where every row of the first call was faulty: no intake is opened then. */
  intake: IntakeView | null;
  entered: EnteredRow[];
  faulty: FaultyRow[];
}

/** Why a row was returned. */
export class RowReturn {
  /** The step that returned it. @example authority */
  step: string;
  /** Null once it was erased. @example 出生日期与户口簿不符 */
  reason: string | null;
}

export class IntakeRowView {
  /** The registration. */
  id: string;
  studentId: string;
  /** @example 沈** */
  maskedName: string;
  /** @example returned */
  state: RowState;
  /** Why it is held back or waits: a code, or null. @example registration-period-over */
  cause: string | null;
  returned: RowReturn | null;
  /** @example 2026-11-02 */
  reportedOn: string;
  /** */
  late: boolean;
  /** registered after the cut-off. */
  afterPeriod: boolean;
  /** @example confirmed */
  authentication: string;
  /** The evidence that is the student's photograph, or null. */
  photographId: string | null;
}

/** A photograph that is the student's from now on. */
export class KeptPhotograph {
  /** The file in the archive. @example 330110201101109968.jpg */
  file: string;
  /** The row of the intake. */
  row: string;
}

/** A photograph that was not taken. */
export class RefusedPhotograph {
  /** @example 0001.jpg */
  file: string;
  /** @example photograph-of-nobody */
  code: string;
  detail: string;
}

/** What became of the files of an archive. */
export class PhotographsKept {
  kept: KeptPhotograph[];
  refused: RefusedPhotograph[];
}

export class IntakeRowPage {
  items: IntakeRowView[];
  nextCursor: string | null;
}
