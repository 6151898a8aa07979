import { ArrayMaxSize, ArrayNotEmpty, IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { IsWebhookAddress } from './addresses.js';
import { IsId } from '../platform/http/id.js';
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

export class WebhookView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  organisationId: string;
  /** @example https://school.example.cn/hooks/xueji */
  url: string;
  kinds: string[] | null;
  /** `active`, or `suspended` after some four days without an answer. @example active */
  state: string;
  /** Place in the feed up to which the receiver has taken every event. @example "4712" */
  deliveredTo: string;
  /** Failed attempts at the next event. @example 0 */
  attempts: number;
  /** @example 2026-11-24T06:38:54.245+08:00 */
  createdAt: string;
}

export class NewWebhookView extends WebhookView {
  /** Base64 key of the signatures (HMAC-SHA256). It is shown in the first answer alone; null in a repetition. */
  secret: string | null;
  /**
   * `true`: a repetition. The first answer showed the secret; where that did not arrive, remove the webhook and add another.
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
  /** @example "4712" */
  eventId: string;
  /** @example 1 */
  attempt: number;
  at: string;
  /** HTTP status that the receiver answered, or null when it did not. @example 204 */
  status: number | null;
  /** Why the receiver did not answer. @example ETIMEDOUT */
  failure: string | null;
  /** @example 38 */
  milliseconds: number;
}

export class DeliveryPage {
  items: DeliveryView[];
  nextCursor: string | null;
}
