import { IsText } from '../platform/http/is-text.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { AccessPerson } from './accesses.dto.js';
import { PageQuery } from '../platform/http/page.dto.js';

/** Why the whole values are needed. */
export class Unmask {
  /** @example 核对毕业证书信息 */
  @IsText(500, { least: 4 })
  reason: string;
}

/** What answers show masked, whole. */
export class UnmaskedView {
  /** The unmasking, as `GET /supervision/unmaskings` lists it. @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  studentId: string;
  /** 学籍号 @example G33010620100101123X */
  studentNumber: string;
  /** @example residentId */
  documentType: string;
  /** @example 33010620100101123X */
  documentNumber: string;
  /** @example 2010-01-01 */
  birthDate: string;
  /** @example 2026-11-24T06:38:54.245+08:00 */
  at: string;
}

export class UnmaskingQuery extends PageQuery {}

export class UnmaskedStudent {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  id: string;
  /** @example 顾** */
  maskedName: string;
}

/** That a person saw values of a student whole. */
export class UnmaskingView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  /** @example 2026-11-24T06:38:54.245+08:00 */
  at: string;
  person: AccessPerson;
  /** @example schoolClerk */
  office: string;
  organisation: OrganisationName;
  /** Null when the student is no longer at a school below. */
  student: UnmaskedStudent | null;
  /** Null when the student is no longer at a school below, or the text was erased. @example 核对毕业证书信息 */
  reason: string | null;
}

export class UnmaskingPage {
  /** The latest first. */
  items: UnmaskingView[];
  nextCursor: string | null;
}
