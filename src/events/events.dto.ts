import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { CASE_KINDS } from '../domain/procedure/procedure.js';
import { IsId } from '../platform/http/id.js';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

export class EventQuery {
  /**
   * Place in the feed after which to go on: `after` of the answer before. Without it the feed begins at its first event.
   * @example "4711"
   */
  @IsOptional()
  @Matches(/^\d{1,18}$/)
  after: string = '0';

  /** Events in one answer, 1 to 500, by default 100. @example 100 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number = 100;

  /** Only what happened to this request. @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  @IsOptional()
  @IsId()
  requestId?: string;

  /** Only what happened to requests of this kind. @example transfer */
  @IsOptional()
  @IsIn(CASE_KINDS)
  kind?: string;
}

/** Something that happened to a request: ids and codes only. */
export class EventView {
  /** Place in the feed. @example "4712" */
  id: string;
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  requestId: string;
  /** @example 2026-0000118 */
  number: string;
  /** @example transfer */
  kind: string;
  /** What happened. @example decided */
  act: string;
  /** Its place among the acts of the request. @example 3 */
  seq: number;
  /** @example 2026-11-24T06:38:54.245+08:00 */
  at: string;
  /** Ids and codes of the act. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: { step: 'sourceSchool', visit: 1, verdict: 'approve' } })
  data: object;
}

export class EventPage {
  items: EventView[];
  /** The place to ask with next time. Ask at once when items came, else after a while. @example "4712" */
  after: string;
}

export class LiveQuery {
  /** The id of the last event that was received, where a client cannot send `Last-Event-ID`. @example "4712-331" */
  @IsOptional()
  @Matches(/^\d{1,15}-\d{1,15}$/)
  after?: string;
}
