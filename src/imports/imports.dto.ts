import { ApiProperty, getSchemaPath, OmitType, PickType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsInt, IsObject, IsOptional, Max, Min } from 'class-validator';
import { IMPORT_KINDS, type ImportKind } from '../domain/dossier/imported.js';
import { FaultyRow } from '../intakes/intakes.dto.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { IsId } from '../platform/http/id.js';
import { IsText } from '../platform/http/is-text.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { MultiLine } from '../platform/http/texts.js';
import { RosterFault } from '../rosters/rosters.dto.js';
import { IMPORT_ROW_STATES, type ImportRowState } from './import-row.entity.js';
import { ImportedCertificate, ImportedChange, ImportedGraduate, ImportedStudent } from './import-rows.dto.js';

/** The most rows of one call; more come by a sheet, or by further calls. */
export const MOST_IMPORT_ROWS = 500;
export const ROW_MODELS = [ImportedStudent, ImportedGraduate, ImportedChange, ImportedCertificate] as const;

/** What a list is about, and for whom it is brought in. */
export class ImportOptions {
  /** `students` 在籍学生, `graduates` 毕业（离校）生, `changes` 以往异动, `certificates` 已颁发的证书. @example students */
  @IsIn(IMPORT_KINDS)
  kind: ImportKind;

  /** The caller's own authority. A reviewer of one authority only may leave it out. */
  @IsOptional()
  @IsId()
  authorityId?: string;

  /** `true`: checks every row and writes nothing. @example false */
  @IsOptional()
  @IsBoolean()
  dryRun: boolean = false;
}

export class HandInImport extends ImportOptions {
  /** Rows of the kind. Each is checked by itself, and all its faults are told. */
  @ApiProperty({
    type: 'array',
    items: { oneOf: ROW_MODELS.map((one) => ({ $ref: getSchemaPath(one) })) },
    maxItems: MOST_IMPORT_ROWS,
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_IMPORT_ROWS)
  @IsObject({ each: true })
  rows: Record<string, unknown>[];

  /** The number of the first row, for the eye of who made the list. @example 1 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  firstRow: number = 1;
}

export class DecideImport {
  /** @example approve */
  @IsIn(['approve', 'reject'])
  verdict: 'approve' | 'reject';

  /** What the second person says of it. @example 已与原学籍档案核对，同意导入 */
  @IsText(1000)
  @MultiLine()
  opinion: string;
}

export class ImportQuery extends PageQuery {
  @IsOptional()
  @IsIn(IMPORT_KINDS)
  kind?: ImportKind;
}

export class ImportRowQuery extends PageQuery {
  /** @example held */
  @IsOptional()
  @IsIn(IMPORT_ROW_STATES)
  state?: ImportRowState;
}

/** How many rows stand where. */
export class ImportCounts {
  /** @example 300 */
  rows: number;
  /** Clean, and applied after the sign-off. */
  waiting: number;
  /** The person or the number may be registered elsewhere (Art 8). */
  held: number;
  /** Clean when it was handed in; it contradicts what is on record now. */
  faulty: number;
  /** The same row was applied before. */
  known: number;
  /** In the dossiers. */
  applied: number;
}

/** A person as an import names one. */
export class ImportPerson {
  id: string;
  displayName: string;
}

export const IMPORT_STATES = ['awaitingSignOff', 'rejected', 'applying', 'done'] as const;

export class ImportView {
  id: string;
  /** @example students */
  kind: string;
  authority: OrganisationName;
  /**
   * 1. `awaitingSignOff`: a second reviewer of the authority signs it off or rejects it.
   * 2. `applying`: it is signed off, and its rows go into the dossiers page by page.
   * @example awaitingSignOff
   */
  @ApiProperty({ enum: IMPORT_STATES })
  state: (typeof IMPORT_STATES)[number];
  handedInBy: ImportPerson;
  handedInAt: string;
  decidedBy: ImportPerson | null;
  decidedAt: string | null;
  counts: ImportCounts;
  /** Rows of which nothing is left to do, of all, from 0 to 1. @example 0.97 */
  progress: number;
}

export class ImportPage {
  items: ImportView[];
  nextCursor: string | null;
}

export class ImportRowView {
  /** As the list counts. @example 3 */
  row: number;
  /** @example 沈** */
  maskedName: string;
  school: OrganisationName | null;
  /** @example held */
  @ApiProperty({ enum: IMPORT_ROW_STATES })
  state: ImportRowState;
  /** Why it is held or faulty: a code, or null. @example possible-duplicate */
  cause: string | null;
  /** Whose dossier it went into. */
  studentId: string | null;
}

export class ImportRowPage {
  items: ImportRowView[];
  nextCursor: string | null;
}

/** Which list a template is for. */
export class ImportTemplateQuery extends PickType(ImportOptions, ['kind', 'authorityId'] as const) {}

/** What was found in a list. Nothing of a faulty row is kept. */
export class CheckedImport {
  /** Null of a dry run. */
  import: ImportView | null;
  /** @example 300 */
  rows: number;
  /** Rows that are applied after the sign-off. @example 291 */
  clean: number;
  /** Rows of which the same was applied before. @example 0 */
  known: number;
  /** Rows that are kept and held, with the cause; whose record they are like is not told. */
  held: FaultyRow[];
  faulty: FaultyRow[];
}

/** The same of a sheet: faults by row, column and heading. */
export class CheckedImportSheet extends OmitType(CheckedImport, ['held', 'faulty'] as const) {
  /** Rows that are kept and held, with the cause; whose record they are like is not told. */
  held: RosterFault[];
  /** The faults of all rows, 5,000 at most. */
  faults: RosterFault[];
}
