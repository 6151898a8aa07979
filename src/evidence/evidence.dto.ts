export class FileView {
  /** @example 01a20a8e-2b06-7506-a575-100996e46d36 */
  id: string;
  /** The file's name as it was sent, without folders and invisible characters. It ends as the content says. @example 转学申请.pdf */
  name: string;
  /** Bytes. @example 48213 */
  size: number;
  /** Media type found in the content itself. @example application/pdf */
  type: string;
}

export class EvidenceView extends FileView {
  /** Hex digest of the content. @example e2e02508d04674f2467191d45791e00443196ae8682af0ad9668428ae33ef122 */
  sha256: string;
}
