import { IsText } from '../platform/http/is-text.js';
import { IsIn, IsOptional } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IRREGULARITIES, IRREGULARITY_OUTCOMES, type Irregularity, type IrregularityOutcome } from '../domain/irregularity.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { ActorView } from '../organisations/actors.dto.js';
import { MultiLine } from '../platform/http/texts.js';

export class RegisterIrregularity {
  /** The organisation concerned, below the authority. @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsId()
  organisationId: string;

  /** The kind by Art 26: `falseRegistration`, `irregularChange`, `disclosure` or `other`. @example irregularChange */
  @IsIn(IRREGULARITIES)
  category: Irregularity;

  /** @example 抽查发现两份转学申请的监护人签字由他人代签。 */
  @IsText(2000)
  @MultiLine()
  findings: string;

  /** The change request that it is about. */
  @IsOptional()
  @IsId()
  requestId?: string;

  /** The student that it is about. */
  @IsOptional()
  @IsId()
  studentId?: string;

  /** The order that it is about. */
  @IsOptional()
  @IsId()
  orderId?: string;
}

export class RecordOutcome {
  /** `rectified`, `disciplined`, `referred` or `unfounded`. @example rectified */
  @IsIn(IRREGULARITY_OUTCOMES)
  outcome: IrregularityOutcome;

  /** @example 已整改，重新签署并核验。 */
  @IsText(2000)
  @MultiLine()
  note: string;
}

export class IrregularityQuery extends PageQuery {
  /** `open` has no outcome yet, `closed` has one. @example open */
  @IsOptional()
  @IsIn(['open', 'closed'])
  state?: 'open' | 'closed';

  /** @example irregularChange */
  @IsOptional()
  @IsIn(IRREGULARITIES)
  category?: Irregularity;
}

export class IrregularityView {
  id: string;
  /** @example irregularChange */
  category: string;
  organisation: OrganisationName;
  /** The authority that registered it. */
  authority: OrganisationName;
  requestId: string | null;
  studentId: string | null;
  orderId: string | null;
  /** The outcome, or null until it is recorded. @example rectified */
  outcome: string | null;
  registeredAt: string;
  outcomeAt: string | null;
}

export class IrregularityDetail extends IrregularityView {
  findings: string | null;
  registeredBy: ActorView | null;
  note: string | null;
  outcomeBy: ActorView | null;
}

export class IrregularityPage {
  items: IrregularityView[];
  nextCursor: string | null;
}
