import path from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CaseContext } from '../cases/case-context.js';
import { DOCUMENT_TYPES, documentKey, type DocumentType } from '../domain/dossier/id-document.js';
import { MESSAGES, type MessageCode } from '../domain/messages/messages.js';
import { handlingAt, handlingIn, type Actor } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';
import { statedOf } from '../dossier/personal.store.js';
import { blockRemoval } from '../evidence/attachable.js';
import { EvidenceFile } from '../evidence/evidence-file.entity.js';
import { fileNameOf, namePlace } from '../evidence/file-name.js';
import { SCANNER, type Scanner } from '../evidence/scanner.js';
import { sha256Of, storeContent } from '../evidence/vault.js';
import { ownSchool } from '../organisations/own-organisation.js';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { CONFIG, type Config } from '../platform/config.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { insertRows } from '../platform/database/insert-rows.js';
import { told } from '../platform/http/language.js';
import { Problem } from '../platform/http/problem.js';
import { newId } from '../platform/ledger/new-id.js';
import { appendNext } from '../platform/ledger/streams.js';
import type { PhotographsKept } from './intakes.dto.js';
import { oneIntake } from './intakes.views.js';
import { clerkOf, lockIntake } from './locked-intake.js';
import { filesIn, pictureIn, type NamedFile, type Picture } from './photograph-files.js';

interface Match {
  readonly nth: number;
  readonly id: string;
  readonly studentId: string;
}

/** Rows of an intake ($1) that files are named after: by documents ($2, $3), by student numbers ($4, $5), by numbers at school ($4, $6). */
export const ROWS_NAMED = `
  select distinct k.nth, g.id, g.student_id as "studentId" from (
    select d.nth, s.id from unnest($2::int[], $3::bytea[]) as d (nth, digest) join student s on s.document_index = d.digest
    union all
    select p.nth, s.id from unnest($4::int[], $5::bytea[]) as p (nth, digest) join student s on s.number_index = p.digest
    union all
    select n.nth, e.student_id from unnest($4::int[], $6::text[]) as n (nth, number) join registration r on r.intake_id = $1
      join enrolment e on e.id = r.enrolment_id and e.number_at_school = n.number) k (nth, id)
  join registration g on g.student_id = k.id and g.intake_id = $1
  join enrolment e on e.id = g.enrolment_id and e.school_id = g.school_id and e.state in ('pending', 'heldDuplicate', 'active', 'suspended')
  order by k.nth, g.id`;

type Refused = PhotographsKept['refused'][number];
interface Kept extends Match {
  readonly file: NamedFile;
  readonly picture: Picture;
  readonly scan: EvidenceFile['scan'];
}

/** 照片: photographs of the students of an intake, as an archive of files that are named after them. */
@Injectable()
export class Photographs {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly context: CaseContext,
    private readonly once: OnceOnly,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SCANNER) private readonly scanner: Scanner,
  ) {}

  /** @throws Problem not-found, not-your-office, before anything of the archive is looked at */
  async mayHandIn(caller: Caller, id: string): Promise<void> {
    await inScope(this.db, caller, async (tx) => {
      const intake = await oneIntake(tx, handlingAt(caller), id);
      if (!intake) throw new Problem('not-found');
      ownSchool(caller, intake.school.id);
    });
  }

  /** Keeps each photograph that is fit, and says why the others are not. @throws Problem malware, invalid-input for what is no archive */
  async keep(
    caller: Caller,
    keyed: KeyedRequest,
    id: string,
    { place, content }: { place: string; content: Buffer },
  ): Promise<PhotographsKept> {
    const scan = await this.scanner.scan(place);
    if (scan === 'malware') throw new Problem('malware');
    const files = await filesIn(content);
    const matched = await inScope(this.db, caller, (tx) => beyond(tx, 'registration', () => this.matches(tx, id, files)));
    const refused: Refused[] = [];
    const kept: Kept[] = [];
    const taken = new Set<string>();
    for (const [nth, file] of files.entries()) {
      const rows = matched.filter((one) => one.nth === nth);
      const [row] = rows;
      const code =
        rows.length > 1
          ? 'photograph-of-several'
          : row === undefined
            ? 'photograph-of-nobody'
            : taken.has(row.id)
              ? 'photograph-twice'
              : null;
      const picture = code ?? (await pictureIn(file));
      if (typeof picture === 'string' || !row)
        refused.push(refusedFor(file, typeof picture === 'string' ? picture : 'photograph-of-nobody'));
      else kept.push({ ...row, file, picture, scan });
      if (row && typeof picture !== 'string') taken.add(row.id);
    }
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { schoolId } = await lockIntake(tx, actor, id);
      ownSchool(actor, schoolId);
      await beyond(tx, 'registration', () => this.store(tx, actor, schoolId, kept, place));
      return { kept: kept.map((one) => ({ file: one.file.name, row: one.id })), refused };
    });
    return answer;
  }

  private matches(tx: Transaction, id: string, files: readonly NamedFile[]): Promise<Match[]> {
    const { cipher } = this.context;
    const types = Object.keys(DOCUMENT_TYPES) as DocumentType[];
    const documents = files.flatMap(({ after }, nth) =>
      types.map((type) => ({ nth, digest: cipher.index('document', documentKey({ type, number: after })) })),
    );
    return tx.query<Match[]>(ROWS_NAMED, [
      id,
      documents.map(({ nth }) => nth),
      documents.map(({ digest }) => digest),
      files.map((_, nth) => nth),
      files.map(({ after }) => cipher.index('studentNumber', after.toUpperCase())),
      files.map(({ after }) => after),
    ]);
  }

  /** Files first and rows behind them, so that no row points nowhere. */
  private async store(tx: Transaction, actor: Actor, schoolId: string, kept: readonly Kept[], place: string): Promise<void> {
    if (kept.length === 0) return;
    const { cipher, clock } = this.context;
    const at = new Date(clock.now());
    const organisationIds = handlingAt(actor);
    await blockRemoval(tx);
    const made = kept.map((one) => ({ ...one, evidenceId: newId(), sha256: sha256Of(one.picture.content) }));
    for (const { picture, sha256 } of made) await storeContent(cipher, this.config.dataDir, `${place}.sealed`, sha256, picture.content);
    await tx.of(EvidenceFile).insert(
      made.map(({ evidenceId, sha256, picture, file, scan }) => ({
        id: evidenceId,
        sha256,
        size: String(picture.content.length),
        type: picture.type,
        nameCipher: cipher.encrypt(fileNameOf(path.basename(file.name), picture.type), namePlace(evidenceId)),
        uploadedBy: actor.personId,
        organisationIds,
        uploadedAt: at,
        scan,
        offices: handlingIn(actor),
      })),
    );
    const ids = made.map(({ studentId }) => studentId);
    await tx.query('select 1 from student where id = any($1::uuid[]) order by id for update', [ids]);
    const stated = { validFrom: dateOf(at.getTime()), at };
    await insertRows(
      tx,
      'student_fact',
      made.flatMap(({ studentId, evidenceId }) => statedOf(cipher, studentId, { photograph: evidenceId }, stated)),
    );
    await insertRows(
      tx,
      'dossier_evidence',
      made.map(({ id, studentId, evidenceId }) => ({ studentId, evidenceId, requestId: id, joinedAt: at })),
    );
    await tx.query(
      `update registration g set photograph_id = k.photograph from unnest($1::uuid[], $2::uuid[]) as k (id, photograph) where g.id = k.id`,
      [made.map(({ id }) => id), made.map(({ evidenceId }) => evidenceId)],
    );
    await tx.query('update student set changed_at = $2 where id = any($1::uuid[])', [ids, at]);
    for (const { id, studentId, evidenceId, sha256 } of made)
      await appendNext(tx, this.context, 'student', studentId, {
        kind: 'photographKept',
        by: clerkOf(actor, schoolId),
        body: { registrationId: id, evidenceId, sha256 },
      });
  }
}

const refusedFor = ({ name }: NamedFile, code: MessageCode): Refused => ({ file: name, code, detail: told(MESSAGES[code]) });
