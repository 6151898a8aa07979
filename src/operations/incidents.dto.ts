import { PageQuery } from '../platform/http/page.dto.js';

export class IncidentQuery extends PageQuery {}

/** A workflow run that did not go on by itself. The case stands by its ledger, and another run carries it on. */
export class IncidentView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  requestId: string;
  /** @example 2026-0000118 */
  number: string;
  /** @example transfer */
  kind: string;
  /** State of the request now. @example open */
  state: string;
  /**
   * 1. How the run ended: `missing` `terminated` `reset` `failed` `timedOut` `cancelled` `completed`.
   * 2. `restarted`: by an operator's command.
   * 3. `readModelDiffers`: rows were not what the acts say, and were rebuilt.
   * @example terminated
   */
  found: string;
  /** Id of the run in Temporal, empty when none was known. @example 01a20a90-1c55-7f1e-8c3a-0f6d5c9f2b11 */
  runId: string;
  /** When the reconciler found it. @example 2026-11-24T10:12:00.000+08:00 */
  at: string;
}

export class IncidentPage {
  /** The latest first. */
  items: IncidentView[];
  nextCursor: string | null;
}
