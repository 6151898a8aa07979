import { words } from '../domain/messages/words.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { open, readFile, rm } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Caller } from '../platform/access/caller.js';
import { handlingAt, handlingIn } from '../domain/offices.js';
import { Quotas } from '../platform/access/quotas.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { newId } from '../platform/ledger/new-id.js';
import { noteIncident } from '../cases/incidents.js';
import { recordEvidenceAccess } from '../dossier/accesses.js';
import { ORGANISATION_NAME, PERSON_NAME } from '../organisations/organisations.store.js';
import type { EvidenceMetadata, EvidenceView } from './evidence.dto.js';
import { cleaned, thumbnailOf } from './cleaned.js';
import { blockRemoval } from './attachable.js';
import { MAGIC_BYTES, mediaTypeOf, PDF } from './media-type.js';
import { fileNameOf, namePlace } from './file-name.js';
import { EvidenceFile } from './evidence-file.entity.js';
import { SCANNER, type Scanner } from './scanner.js';
import { contentOf, sha256Of, storeContent, type Damage } from './vault.js';

const SEEN = '(e.organisation_ids && $2 or shows_evidence(e.id))';

const METADATA = `
  select e.id, e.sha256, e.type, e.name_cipher as name, e.size::int as size, e.pages, e.scan, e.uploaded_at as "uploadedAt",
    ${PERSON_NAME('e.uploaded_by')} as "uploadedBy",
    (select coalesce(jsonb_agg(jsonb_build_object('office', h.office, 'organisation', ${ORGANISATION_NAME('o')}) order by h.office, o.code),
      '[]')
     from jsonb_to_recordset(e.offices) as h (office text, "organisationId" uuid) join organisation o
       on o.id = h."organisationId") as offices
  from evidence e where e.id = $1 and ${SEEN}`;

type MetadataRow = Omit<EvidenceMetadata, 'name' | 'uploadedAt' | 'thumbnail'> & { readonly name: Buffer; readonly uploadedAt: Date };

/** With the digests that the acts that rely on the file have of it. */
const EVIDENCE = `
  select e.sha256, e.type, e.name_cipher as name, array(
    select distinct a.body -> 'evidenceDigests' ->> e.id::text from change_request r join act a on a.stream_id = r.id
    where r.evidence_ids @> array[e.id] and a.kind in ('filed', 'supplemented') and a.body -> 'evidenceDigests' ? e.id::text) as pinned
  from evidence e where e.id = $1 and ${SEEN}`;

/** Uploaded files, encrypted, stored once by the digest of their content. The row is written after the bytes, so no row points nowhere. */
@Injectable()
export class Evidence {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SCANNER) private readonly scanner: Scanner,
    private readonly cipher: FieldCipher,
    private readonly quotas: Quotas,
  ) {}

  async keep(caller: Caller, file: Express.Multer.File): Promise<EvidenceView> {
    try {
      if (file.size === 0) throw new Problem('invalid-input', { errors: [{ pointer: '/file', detail: FIELD_FAULTS.emptyFile }] });
      const type = mediaTypeOf(await firstBytesOf(file.path));
      if (!type) throw new Problem('unsupported-media-type', { detail: words('请上传 PDF、JPEG 或 PNG 文件。', 'PDF, JPEG, PNG') });
      const scan = await this.scanner.scan(file.path);
      if (scan === 'malware') throw new Problem('malware');
      const { size, pages } = await cleaned(file.path, type, this.config.evidenceMaxBytes);
      const content = await readFile(file.path); // no larger than an upload may be
      const sha256 = sha256Of(content);
      const id = newId();
      const name = fileNameOf(file.originalname, type);
      await this.counted(caller, async (tx) => {
        await this.quotas.spend(tx, caller, 'uploadedBytes', file.size);
        await blockRemoval(tx); // the same content may have lain there for long, loose, and its file must outlast this row
        await storeContent(this.cipher, this.config.dataDir, `${file.path}.sealed`, sha256, content);
        await tx.of(EvidenceFile).insert({
          id,
          sha256,
          size: String(size),
          type,
          nameCipher: this.cipher.encrypt(name, namePlace(id)),
          uploadedBy: caller.personId,
          organisationIds: handlingAt(caller),
          uploadedAt: new Date(this.clock.now()),
          pages,
          scan,
          offices: handlingIn(caller),
        });
      });
      return { id, name, sha256, size, type };
    } finally {
      await rm(file.path, { force: true });
    }
  }

  /** @throws Problem not-found, evidence-file-missing, evidence-file-changed */
  async read(caller: Caller, id: string): Promise<{ content: Buffer; type: string; name: string }> {
    const row = await this.recorded<{ sha256: string; type: string; name: Buffer; pinned: string[] }>(caller, id, EVIDENCE);
    if (row.pinned.some((digest) => digest !== row.sha256)) return this.damaged(id, 'evidenceChanged');
    const content = await contentOf(this.cipher, this.config.dataDir, row.sha256);
    if (typeof content === 'string') return this.damaged(id, content);
    return { content, type: row.type, name: this.cipher.decrypt(row.name, namePlace(id)) };
  }

  /** What is known of a file without opening it; its name may name the student, so this is a reading too. @throws Problem not-found */
  async metadata(caller: Caller, id: string): Promise<EvidenceMetadata> {
    const row = await this.recorded<MetadataRow>(caller, id, METADATA);
    const name = this.cipher.decrypt(row.name, namePlace(id));
    return { ...row, name, uploadedAt: isoInShanghai(row.uploadedAt.getTime()), thumbnail: row.type !== PDF };
  }

  /** @throws Problem not-found, no-thumbnail, evidence-file-missing, evidence-file-changed */
  async thumbnail(caller: Caller, id: string): Promise<Buffer> {
    const { content, type } = await this.read(caller, id);
    const small = type === PDF ? undefined : await thumbnailOf(content);
    if (!small) throw new Problem('no-thumbnail');
    return small;
  }

  /** A file that the caller may see, on record as read by that person. */
  private recorded<T extends object>(caller: Caller, id: string, sql: string): Promise<T> {
    return this.counted(caller, async (tx) => {
      const [found] = await tx.query<T[]>(sql, [id, handlingAt(caller)]);
      if (!found) throw new Problem('not-found');
      await recordEvidenceAccess(tx, id, { caller, now: this.clock.now(), quotas: this.quotas });
      return found;
    });
  }

  private counted<T>(caller: Caller, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.quotas.telling(caller, () => inScope(this.db, caller, work));
  }

  /** For operators on record, once for each file; nobody gets what may be another's bytes. */
  private async damaged(id: string, found: Damage): Promise<never> {
    await noteIncident(this.db, { about: `evidence/${id}`, runId: '', found, at: this.clock.now() });
    throw new Problem(found === 'evidenceMissing' ? 'evidence-file-missing' : 'evidence-file-changed');
  }
}

async function firstBytesOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
