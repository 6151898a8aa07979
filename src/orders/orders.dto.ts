import { IsText } from '../platform/http/is-text.js';
import { IsIn, IsOptional, ValidateIf } from 'class-validator';
import { IsFlag } from '../platform/http/flag.js';
import { IsId } from '../platform/http/id.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { ORDER_STATES, type OrderStatus } from '../domain/case/order.js';
import { KINDS, type Kind } from '../domain/procedure/procedure.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { ActorView } from '../organisations/actors.dto.js';
import { MultiLine } from '../platform/http/texts.js';

export class PlaceOrder {
  /** The school that is ordered, below the authority. @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsId()
  schoolId: string;

  /** The kind of change request that the school is to file. Without it the school acts on the findings in another way. @example transfer */
  @IsOptional()
  @IsIn(KINDS)
  kind?: Kind;

  /** The student concerned, required with a kind. @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  @ValidateIf(({ kind, studentId }: PlaceOrder) => kind !== undefined || studentId !== undefined)
  @IsId()
  studentId?: string;

  /** What the authority found. @example 该生已随家庭迁居，实际未在校就读。 */
  @IsText(2000)
  @MultiLine()
  findings: string;

  /** The last day on which the school may answer, from today to a year ahead. @example 2026-12-31 */
  @IsPlainDate()
  dueDate: string;
}

export class ReplyToOrder {
  /** What the school has done, or why nothing is to be done. @example 经核实，该生仍在我校就读，附考勤情况说明。 */
  @IsText(2000)
  @MultiLine()
  reply: string;
}

export class RuleOnReply {
  /** `accept` ends the order, `refuse` lets it stand again. @example accept */
  @IsIn(['accept', 'refuse'])
  verdict: 'accept' | 'refuse';

  /** @example 情况属实。 */
  @IsText(2000)
  @MultiLine()
  note: string;

  /** With a refusal: the new last day, from today to a year ahead. */
  @ValidateIf(({ verdict, dueDate }: RuleOnReply) => verdict === 'refuse' || dueDate !== undefined)
  @IsPlainDate()
  dueDate?: string;
}

export class WithdrawOrder {
  /** @example 责令有误 */
  @IsText(500)
  @MultiLine()
  reason: string;
}

export class OrderQuery extends PageQuery {
  /** @example open */
  @IsOptional()
  @IsIn(ORDER_STATES)
  state?: OrderStatus;

  /** Only orders whose silence was escalated to the caller's own organisations. */
  @IsOptional()
  @IsFlag()
  escalated?: boolean;
}

export class OrderView {
  id: string;
  /** @example 责〔2026〕0000007号 */
  number: string;
  /** `open`, `replied`, `answered` or `withdrawn`. @example open */
  state: string;
  authority: OrganisationName;
  /** The school that is to answer: the one that was ordered, or its successor. */
  school: OrganisationName;
  /** The authority that answers for the school since its closure, or null. */
  actingAuthority: OrganisationName | null;
  /** The kind of change request that is to be filed, or null. */
  kind: string | null;
  studentId: string | null;
  maskedName: string | null;
  /** @example 2026-12-31 */
  dueDate: string;
  overdue: boolean;
  /** The superiors who were told of the school's silence, in this order. */
  escalatedTo: OrganisationName[];
  /** The change request that answered the order, or null. */
  requestId: string | null;
  orderedAt: string;
  closedAt: string | null;
}

export class OrderEntry {
  seq: number;
  /** `ordered`, `filed`, `reopened`, `filingRejected`, `replied`, `ruled`, `withdrawn`, `escalated` or `rerouted`. @example ordered */
  kind: string;
  at: string;
  /** The natural person, office, organisation and its head. Acts of the process have none. */
  by?: ActorView;
  findings?: string;
  reply?: string;
  note?: string;
  reason?: string;
  /** @example accept */
  verdict?: string;
  dueDate?: string;
  requestId?: string;
  /** The superior that was told of the silence, and its level from 1. */
  escalatedTo?: OrganisationName;
  level?: number;
  /** The organisation that answers since a merger or closure of the school. */
  to?: OrganisationName;
}

export class OrderDetail extends OrderView {
  findings: string | null;
  timeline: OrderEntry[];
}

export class OrderPage {
  items: OrderView[];
  nextCursor: string | null;
}
