import { IsText } from '../platform/http/is-text.js';
import { IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../platform/http/page.dto.js';
import { OrganisationName } from './organisations.dto.js';
import { MultiLine } from '../platform/http/texts.js';

export const GRANT_STATES = ['pending', 'confirmed', 'refused', 'lapsed'] as const;
export type GrantState = (typeof GRANT_STATES)[number];

export class OfficeGrantQuery extends PageQuery {
  /** By default all. @example pending */
  @IsOptional()
  @IsIn(GRANT_STATES)
  state?: GrantState;
}

export class RefuseGrant {
  /** @example 该人员尚未到岗 */
  @IsText(500)
  @MultiLine()
  reason: string;
}

export class GrantPerson {
  id: string;
  /** @example 李伟成 */
  displayName: string;
}

export class OfficeGrantView {
  /** The office's id, too, once it is confirmed. @example 01a20a8e-2b06-7506-a575-100996e46d36 */
  id: string;
  organisation: OrganisationName;
  /** The person who is to hold the office. */
  person: GrantPerson;
  /** @example reviewer.3301-01 */
  username: string;
  /** @example schoolReviewer */
  office: string;
  /** The beginning that is asked for; a later confirmation is the beginning. @example 2026-12-01T09:00:00.000+08:00 */
  from: string;
  /** The instant at which the office is to end, or null. */
  until: string | null;
  /** `pending` until a second administrator confirms it; `refused` by one, or by the proposer; or `lapsed`. @example pending */
  state: string;
  proposedBy: GrantPerson;
  proposedAt: string;
  /** From this instant on nobody can confirm it. @example 2026-12-15T09:00:00.000+08:00 */
  lapsesAt: string;
  /** Who confirmed or refused it. */
  settledBy: GrantPerson | null;
  settledAt: string | null;
}

export class OfficeGrantPage {
  /** Latest first. */
  items: OfficeGrantView[];
  nextCursor: string | null;
}
