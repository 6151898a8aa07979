import { ApiProperty, IntersectionType, OmitType, PartialType, PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsIn, IsObject, IsOptional, IsString, Length, MaxLength, ValidateNested } from 'class-validator';
import { IsId } from '../api/id.js';
import { IsFlag } from '../api/flag.js';
import { IsPlainDate } from '../api/plain-date.js';
import { PageQuery } from '../api/page.dto.js';
import { KINDS, type Kind } from '../domain/procedure.js';

/** Who asked for the change, and on which day (A21). */
export class Application {
  /** @example student */
  @IsIn(['student', 'guardian', 'school', 'court'])
  by: 'student' | 'guardian' | 'school' | 'court';

  /** @example 2026-11-23 */
  @IsPlainDate()
  on: string;
}

/** Details of a transfer between vocational schools; filed by the source school. */
export class TransferDetails {
  /** @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsId()
  destinationSchoolId: string;

  /** Joint programme under which the student moves (A24). @example 7b1f6c0e-5d0a-5b7e-9a55-0f6f1c8f2d10 */
  @IsOptional()
  @IsId()
  jointProgrammeId?: string;

  /** Day of effect; the placement's first day or the day of the last approval when left out (A20). @example 2026-12-01 */
  @IsOptional()
  @IsPlainDate()
  effectiveOn?: string;
}

/** How the destination school of a cross-track transfer names a student whom it may not see: both must match. */
export class StudentByNumber {
  /** @example G33010620100101123X */
  @IsString()
  @Length(19, 19)
  studentNumber: string;

  /** @example 张三 */
  @IsString()
  @Length(1, 60)
  name: string;
}

/** Details of a transfer between a vocational and an ordinary school; filed by the destination school. */
export class CrossTrackTransferDetails {
  @ValidateNested()
  @Type(() => StudentByNumber)
  student: StudentByNumber;

  /** The caller's own school; may be left out when the caller is clerk of one school only. */
  @IsOptional()
  @IsId()
  destinationSchoolId?: string;

  /** Day of effect (A20). @example 2026-12-01 */
  @IsOptional()
  @IsPlainDate()
  effectiveOn?: string;
}

export class FileRequest {
  /** @example transfer */
  @IsIn(KINDS)
  kind: Kind;

  /** The student; left out for `crossTrackTransfer`, whose details name the student. @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  @IsOptional()
  @IsId()
  studentId?: string;

  /** As `GET /change-kinds/{kind}` describes. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: { destinationSchoolId: '0192f5c2-0000-7000-8000-000000000000' } })
  @IsObject()
  details: Record<string, unknown>;

  /** Files uploaded before with `POST /evidence`. @example ["01a20a8e-2b06-7506-a575-100996e46d36"] */
  @IsId(true)
  @ArrayUnique()
  @ArrayMaxSize(50)
  evidenceIds: string[];

  /** @example 家庭迁居 */
  @IsString()
  @Length(1, 2000)
  reason: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => Application)
  application?: Application;

  /** The caller's own number of this case. @example XJ-2026-118 */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  externalId?: string;
}

/** What a dry run needs: a filing of which evidence and reason may be missing still. */
export class PrecheckRequest extends IntersectionType(
  OmitType(FileRequest, ['evidenceIds', 'reason'] as const),
  PartialType(PickType(FileRequest, ['evidenceIds', 'reason'] as const)),
) {}

export class BlockerAnswer {
  /** @example change-already-open */
  code: string;
  message: string;
  /** Who can clear it. @example filer */
  owner: string;
  /** How it is cleared. */
  remedy: string;
}

export class PrecheckView {
  allowed: boolean;
  blockers: BlockerAnswer[];
}

export class RecallRequest {
  /** @example 家长改变决定 */
  @IsString()
  @Length(1, 2000)
  reason: string;
}

export class SupplementRequest {
  /** @example ["01a20a8e-2b06-7506-a575-100996e46d36"] */
  @IsId(true)
  @ArrayUnique()
  @ArrayMaxSize(50)
  evidenceIds: string[];

  /** @example 已补交户口迁移证明 */
  @IsString()
  @Length(1, 2000)
  note: string;
}

export class RequestQuery extends PageQuery {
  @IsOptional()
  @IsIn(['open', 'approved', 'rejected', 'recalled', 'superseded', 'cancelled'])
  state?: string;

  @IsOptional()
  @IsIn(KINDS)
  kind?: string;

  /** Only requests with an overdue task (true), or only those without (false). */
  @IsOptional()
  @IsFlag()
  overdue?: boolean;
}
