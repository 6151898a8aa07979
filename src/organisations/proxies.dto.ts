import { IsText } from '../platform/http/is-text.js';
import { Distinct } from '../platform/http/lists.js';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsOptional } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { IsInstant } from '../platform/http/plain-date.js';
import { BY_PROXY } from '../domain/offices.js';
import { KINDS } from '../domain/procedure/procedure.js';
import { OrganisationName } from './organisations.dto.js';
import { MultiLine } from '../platform/http/texts.js';

export class GrantProxy {
  /** The person who stands in, with some office at the same organisation beside `orgAdmin`. @example clerk.3301-01 */
  @IsText(100)
  username: string;

  /** The caller's office in which the proxy acts on tasks. @example schoolReviewer */
  @IsIn(BY_PROXY)
  office: (typeof BY_PROXY)[number];

  /** @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsId()
  organisationId: string;

  /** The first day, today at the earliest, by default now. @example 2026-12-01T00:00:00+08:00 */
  @IsOptional()
  @IsInstant()
  from?: string;

  /** The end, exclusive. @example 2026-12-11T00:00:00+08:00 */
  @IsInstant()
  until: string;

  /** Kinds of request, by default all. @example ["transfer"] */
  @IsOptional()
  @IsIn(KINDS, { each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @Distinct()
  kinds?: string[];

  /** @example 年休假 */
  @IsText(2000)
  @MultiLine()
  reason: string;
}

export class EndProxy {
  /** @example 提前返岗 */
  @IsText(2000)
  @MultiLine()
  reason: string;
}

export class ProxyPerson {
  id: string;
  /** @example 李伟成 */
  displayName: string;
}

export class ProxyView {
  id: string;
  /** The absent person. */
  principal: ProxyPerson;
  proxy: ProxyPerson;
  /** @example schoolReviewer */
  office: string;
  organisation: OrganisationName;
  /** Kinds of request, or null for all. */
  kinds: string[] | null;
  from: string;
  /** Exclusive. */
  until: string;
  /** When the absent person ended it before its time. */
  endedAt: string | null;
}

export class ProxyList {
  /** The proxies that the caller gave and those that the caller has, latest first. */
  items: ProxyView[];
}
