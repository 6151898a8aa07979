import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsObject, IsOptional, Matches, ValidateNested } from 'class-validator';
import { IsText } from '../platform/http/is-text.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { MultiLine } from '../platform/http/texts.js';
import { IsMajorCode } from './is-major-code.js';

/** The document that a version follows. */
export class SourceDocument {
  /** @example 职业教育专业目录（2021年） */
  @IsText(200)
  title: string;

  /** 文号 @example 教职成〔2021〕2号 */
  @IsText(100)
  number: string;

  /** 印发机关 @example 教育部 */
  @IsText(100)
  issuingBody: string;

  /** @example 2021-03-12 */
  @IsPlainDate()
  date: string;
}

/** A major as the list names it. */
export class ListedMajorInput {
  /** @example "710201" */
  @IsMajorCode()
  code: string;

  /** @example 计算机应用 */
  @IsText(60)
  zh: string;

  /** @example Computer applications */
  @IsOptional()
  @Matches(/^[\x20-\x7e]{1,120}$/)
  en?: string;

  /** 专业大类 @example 电子与信息大类 */
  @IsOptional()
  @IsText(60)
  category?: string;

  /** 专业类 @example 计算机类 */
  @IsOptional()
  @IsText(60)
  group?: string;

  /** @example 国家控制布点专业 */
  @IsOptional()
  @IsText(200)
  note?: string;
}

export class DraftVersion {
  @IsObject()
  @ValidateNested()
  @Type(() => SourceDocument)
  document: SourceDocument;

  /** The year of intake from which the list holds. Earlier intakes keep what they have. @example "2027" */
  @Matches(/^20\d\d$/)
  firstIntake: string;

  /** The whole list. What it leaves out is closed from that intake on, and never removed. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(2000)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ListedMajorInput)
  entries: ListedMajorInput[];
}

export class WithdrawVersion {
  /** @example 与印发稿不一致，重新录入 */
  @IsText(2000)
  @MultiLine()
  reason: string;
}

export class RenamedMajor {
  /** @example "710205" */
  code: string;
  /** @example 大数据技术应用 */
  from: string;
  /** @example 大数据应用技术 */
  to: string;
}

export class CatalogueMajorView {
  /** @example "710201" */
  code: string;
  /** @example 计算机应用 */
  zh: string;
}

/** What the version changes of the one that it is based on. */
export class ChangesView {
  added: CatalogueMajorView[];
  renamed: RenamedMajor[];
  /** Closed to the intakes from `firstIntake` on; who studies them goes on. */
  closed: CatalogueMajorView[];
  reopened: CatalogueMajorView[];
  /** Codes whose category, group, note or English name changes. @example [] */
  described: string[];
}

export class VersionPerson {
  id: string;
  /** @example 沈明远 */
  displayName: string;
}

export class VersionDocument {
  /** @example 职业教育专业目录（2021年） */
  title: string;
  /** Null where it is not known, of a catalogue that came with the installation. @example 教职成〔2021〕2号 */
  number: string | null;
  /** @example 教育部 */
  issuingBody: string;
  /** @example 2021-03-12 */
  date: string | null;
}

export class VersionSummary {
  /** @example majors-2021 */
  set: string;
  /** @example 2 */
  version: number;
  /** The version that it was drafted over. @example 1 */
  basedOn: number;
  /** `draft`, `activated` or `withdrawn`. @example draft */
  state: string;
  /** Whether it is in force. @example false */
  inForce: boolean;
  document: VersionDocument;
  /** @example "2027" */
  firstIntake: string;
  /** Majors in it, closed ones too. @example 371 */
  majors: number;
  draftedBy: VersionPerson | null;
  draftedAt: string | null;
  activatedBy: VersionPerson | null;
  /** Null of the version that came with the installation. */
  activatedAt: string | null;
  withdrawnBy: VersionPerson | null;
  withdrawnAt: string | null;
}

export class VersionView extends VersionSummary {
  changes: ChangesView;
}

export class VersionPage {
  items: VersionSummary[];
  nextCursor: string | null;
}
