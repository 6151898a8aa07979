export class EvidenceView {
  id: string;
  /** Hex digest of the content. */
  sha256: string;
  /** Bytes. */
  size: number;
  /** Media type found in the content itself. @example application/pdf */
  type: string;
}
