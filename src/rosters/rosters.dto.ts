import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { EnteredRow, IntakeView, RowFault } from '../intakes/intakes.dto.js';
import { SEASONS } from '../domain/terms/registration-period.js';
import { IsId } from '../platform/http/id.js';

export class RosterTemplateQuery {
  /** The caller's own school. A clerk of one school only may leave it out. */
  @IsOptional()
  @IsId()
  schoolId?: string;
}

/** Which intake a roster belongs to. */
export class RosterOptions extends RosterTemplateQuery {
  /** The year in which the registration of the intake ends. @example 2026 */
  @IsInt()
  @Min(2000)
  @Max(2999)
  year: number;

  /** @example autumn */
  @IsIn(SEASONS)
  season: (typeof SEASONS)[number];
}

/** What is wrong with a cell of a roster. */
export class RosterFault extends RowFault {
  /** As the sheet counts, the header being 1. @example 17 */
  row: number;
  /** The letter of the column, or null for a fault of the whole row. @example E */
  column: string | null;
  /** @example 证件号码 */
  heading: string | null;
}

export class CheckedRoster {
  /** @example 300 */
  rows: number;
  /** Rows without a fault. @example 291 */
  clean: number;
  /** The faults of all rows, 5,000 at most. */
  faults: RosterFault[];
}

export class EnteredRoster extends CheckedRoster {
  /** The intake that the clean rows were entered into, or null where no row was clean. */
  intake: IntakeView | null;
  entered: EnteredRow[];
}
