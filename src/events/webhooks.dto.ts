import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsBoolean, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { IsWebhookAddress } from './addresses.js';
import { IsId } from '../platform/http/id.js';
import { OrNull } from '../platform/http/left-out.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { ACT_KINDS } from '../domain/case/act-kinds.js';

export class NewWebhook {
  /**
   * The organisation whose events are sent. The caller is administrator there or directly above.
   * @example 5cca9656-2893-595d-8a3f-f900c52b0f24
   */
  @IsId()
  organisationId: string;

  /** A public address of http or https; redirects are not followed. @example https://school.example.cn/hooks/xueji */
  @IsString()
  @IsWebhookAddress()
  @MaxLength(500)
  url: string;

  /** The kinds of act to send, by default all. @example ["opened", "closed"] */
  @IsOptional()
  @IsIn(ACT_KINDS, { each: true })
  @ArrayNotEmpty()
  @ArrayMaxSize(100)
  kinds?: string[];
}

/** What is left out stays. */
export class WebhookChanges {
  /** A public address of http or https; redirects are not followed. @example https://school.example.cn/hooks/xueji */
  @IsOptional()
  @IsString()
  @IsWebhookAddress()
  @MaxLength(500)
  url?: string;

  /** The kinds of act to send; null: all. @example ["opened", "closed"] */
  @IsOptional()
  @OrNull()
  @IsIn(ACT_KINDS, { each: true })
  @ArrayNotEmpty()
  @ArrayMaxSize(100)
  kinds?: string[] | null;

  /** `true`: nothing is sent until it is `false` again; then it goes on where it stood. @example true */
  @IsOptional()
  @IsBoolean()
  paused?: boolean;
}

export class NewSecret {
  /** Hours for which the former secret signs beside the new one, by default 24. With 0 it signs no more. @example 24 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(168)
  overlapHours: number = 24;
}

export class WebhookView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  organisationId: string;
  /** @example https://school.example.cn/hooks/xueji */
  url: string;
  kinds: string[] | null;
  /** `active`, `paused` by an administrator, or `suspended` after some four days without an answer. @example active */
  state: string;
  /** Place in the feed up to which the receiver has taken every event. @example "4712" */
  deliveredTo: string;
  /** Failed attempts at the next event. @example 0 */
  attempts: number;
  /** When the next event is sent again, or null where none waits after a failure. @example null */
  nextAttemptAt: string | null;
  /** Until when the former secret signs beside the new one, or null. @example null */
  formerSecretUntil: string | null;
  /** @example 2026-11-24T06:38:54.245+08:00 */
  createdAt: string;
}

export class NewWebhookView extends WebhookView {
  /** Base64 key of the signatures (HMAC-SHA256). It is shown in the first answer alone; null in a repetition. */
  secret: string | null;
  /**
   * `true`: a repetition. The first answer showed the secret; where that did not arrive, ask for a new one.
   * @example false
   */
  shownBefore: boolean;
}

export class Replay {
  /** Place in the feed after which everything is sent again. @example "4700" */
  @IsString()
  @Matches(/^\d{1,18}$/)
  after: string;
}

export class DeliveryQuery extends PageQuery {}

export class DeliveryView {
  /** Place in the feed; `0` of a test. @example "4712" */
  eventId: string;
  /** @example 1 */
  attempt: number;
  at: string;
  /** HTTP status that the receiver answered, or null when it did not. @example 204 */
  status: number | null;
  /** Why the receiver did not answer. @example ETIMEDOUT */
  failure: string | null;
  /** Why it was in vain, for people; null where the receiver took it. @example 接收方未在十秒内答复。 */
  reason: string | null;
  /** @example 38 */
  milliseconds: number;
}

export class DeliveryPage {
  items: DeliveryView[];
  nextCursor: string | null;
}

export class TestDeliveryView {
  /** Whether the receiver answered 2xx. @example true */
  delivered: boolean;
  /** The `webhook-id` of the test. @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a.test-7f0c2f4e */
  webhookId: string;
  /** HTTP status that the receiver answered, or null when it did not. @example 204 */
  status: number | null;
  /** Why the receiver did not answer. @example null */
  failure: string | null;
  /** Why it was in vain, for people; null where the receiver took it. @example null */
  reason: string | null;
  /** @example 38 */
  milliseconds: number;
}
