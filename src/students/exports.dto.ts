import { IntersectionType, PickType } from '@nestjs/swagger';
import { IsId } from '../platform/http/id.js';
import { IsText } from '../platform/http/is-text.js';
import { StudentQuery } from './finding.dto.js';

class Purpose {
  /** 本校 @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsId()
  schoolId: string;

  /** What the list is for. It stays on record. @example 开学报到核对名单 */
  @IsText(500, { least: 4 })
  reason: string;
}

/** Whose list, which students of it, and why. */
export class StudentExport extends IntersectionType(
  Purpose,
  PickType(StudentQuery, ['grade', 'classId', 'className', 'unplaced', 'state', 'majorCode', 'studyMode', 'changedSince'] as const),
) {}
