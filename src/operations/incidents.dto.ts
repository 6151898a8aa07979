import { PageQuery } from '../platform/http/page.dto.js';

export class IncidentQuery extends PageQuery {}

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
  /** When the reconciler found it. @example 2026-11-24T10:12:00.000+08:00 */
  at: string;
}

export class IncidentPage {
  /** The latest first. */
  items: IncidentView[];
  nextCursor: string | null;
}
