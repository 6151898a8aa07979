import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { INCIDENTS, type FoundIncident } from '../cases/incidents.js';
import { PersonName } from '../organisations/actors.dto.js';
import { IsFlag } from '../platform/http/flag.js';
import { IsId } from '../platform/http/id.js';
import { IsText } from '../platform/http/is-text.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { MultiLine } from '../platform/http/texts.js';

export class IncidentQuery extends PageQuery {
  /** Only those of one sort. @example terminated */
  @IsOptional()
  @IsIn(INCIDENTS)
  found?: FoundIncident;

  /** Only those about one request. @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  @IsOptional()
  @IsId()
  requestId?: string;

  /** `false`: only those that no operator has acknowledged. `true`: only the others. @example false */
  @IsOptional()
  @IsFlag()
  acknowledged?: boolean;
}

export class IncidentAcknowledgement {
  /** As the list has it. @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  @IsText(200)
  about: string;

  /** As the list has it; empty when none was known. @example 01a20a90-1c55-7f1e-8c3a-0f6d5c9f2b11 */
  @IsString()
  @MaxLength(200)
  runId: string;

  /** What was found out or done. @example 值班人员误操作，已回收其权限 */
  @IsText(500)
  @MultiLine()
  note: string;
}

/** What happened from outside. A case stands by its ledger, and another run carries it on. */
export class IncidentView {
  /**
   * Id of the request, id of a workflow that no case knows, or `evidence/` and a file's id.
   * @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a
   */
  about: string;
  /** Null where no request is concerned. @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  requestId: string | null;
  /** @example 2026-0000118 */
  number: string | null;
  /** @example transfer */
  kind: string | null;
  /** State of the request now. @example open */
  state: string | null;
  /**
   * 1. How the run ended: `missing` `terminated` `reset` `failed` `timedOut` `cancelled` `completed`.
   * 2. `restarted`: by an operator's command.
   * 3. `readModelDiffers`: rows were not what the acts say, and were rebuilt.
   * 4. `foreign`: a run under the case's id that this product did not start; it was ended, and the case goes on.
   * 5. `unknown`: a workflow runs on our queue that no case knows. It is left to the operator.
   * 6. `evidenceMissing` `evidenceChanged`: a file of evidence is gone, or is not what was uploaded.
   * @example terminated
   */
  found: string;
  /** Id of the run in Temporal, empty when none was known. @example 01a20a90-1c55-7f1e-8c3a-0f6d5c9f2b11 */
  runId: string;
  /** When it happened, as Temporal says, or null. @example 2026-11-24T10:11:58.000+08:00 */
  since: string | null;
  /** Who ended the run, as Temporal was told, or null. @example temporal-cli:zhou@ops-1 */
  endedBy: string | null;
  /** Why, in the words given to Temporal, or null. @example 误操作 */
  reason: string | null;
  /**
   * Whether it is over: another run goes on or the case is closed, the rows were made anew, the change takes effect. Null where nobody can
   * know: of a workflow that no case knows, and of a file.
   * @example true
   */
  over: boolean | null;
  acknowledgedBy: PersonName | null;
  /** @example 2026-11-24T10:30:00.000+08:00 */
  acknowledgedAt: string | null;
  note: string | null;
  /** When the reconciler found it. @example 2026-11-24T10:12:00.000+08:00 */
  at: string;
}

export class IncidentPage {
  /** The latest first. */
  items: IncidentView[];
  nextCursor: string | null;
}
