import { IsIn, IsOptional } from 'class-validator';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { DISPOSITIONS, type Disposition } from './file-name.js';

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

export class ContentQuery {
  /** `attachment`: to be saved under its name. `inline`: to be shown in a page. @example inline */
  @IsOptional()
  @IsIn(DISPOSITIONS)
  disposition: Disposition = 'attachment';
}

export class EvidenceUploader {
  id: string;
  /** @example 周启明 */
  displayName: string;
}

export class EvidenceOffice {
  /** @example schoolClerk */
  office: string;
  organisation: OrganisationName;
}

/** What is known of a file without opening it. */
export class EvidenceMetadata extends EvidenceView {
  /** Of a PDF. @example 2 */
  pages: number | null;
  /** `clean`, as a scanner said before the file was kept, or `notScanned` where none is configured. @example clean */
  scan: string;
  uploadedBy: EvidenceUploader;
  /** In which the uploader handled cases at that time. */
  offices: EvidenceOffice[];
  /** @example 2026-11-24T06:38:54.245+08:00 */
  uploadedAt: string;
  /** Whether there is a small picture of it; of a PDF there is none. @example false */
  thumbnail: boolean;
}
