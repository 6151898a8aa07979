import { PassThrough, pipeline, Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import JSZip from 'jszip';
import type { DataSource } from 'typeorm';
import { holds } from '../domain/offices.js';
import { instantOf } from '../domain/working-days.js';
import { recordExport } from '../dossier/accesses.js';
import type { Caller } from '../platform/access/caller.js';
import { Quotas } from '../platform/access/quotas.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { beyond, inScope } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import type { CertificateArchive } from './certificates.dto.js';
import { PRINTED, Prints, type PrintedRow } from './prints.service.js';

/** Certificates of one archive. */
export const MOST_IN_ARCHIVE = 1000;
/** Pages in the making at a time: one beside the one that the reader waits for. */
const AHEAD = 2;

const IN_ARCHIVE = `${PRINTED} join enrolment n on n.id = c.enrolment_id
  where c.school_id = $1 and c.kind = $2 and c.state = 'issued' and c.import_id is null
    and n.grade = $3 and ($4::text is null or n.class_name = $4)
  order by c.number limit $5`;

/** The certificates of a grade or class as one ZIP: written while they are made, so that never more than two stand in memory. */
@Injectable()
export class Archives {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly prints: Prints,
    private readonly quotas: Quotas,
  ) {}

  /** @throws Problem not-your-office, not-found, too-many-certificates, daily-limit-reached */
  async file(caller: Caller, { schoolId, kind, grade, className }: CertificateArchive): Promise<Readable> {
    if (!(['schoolClerk', 'schoolReviewer'] as const).some((office) => holds(caller, office, schoolId)))
      throw new Problem('not-your-office');
    const rows = await this.quotas.telling(caller, () =>
      inScope(this.db, caller, async (tx) => {
        const values = [schoolId, kind, grade, className ?? null, MOST_IN_ARCHIVE + 1];
        const found = await beyond(tx, 'photograph', () => tx.query<PrintedRow[]>(IN_ARCHIVE, values));
        if (found.length === 0) throw new Problem('not-found');
        if (found.length > MOST_IN_ARCHIVE) throw new Problem('too-many-certificates');
        await this.quotas.spend(tx, caller, 'exports');
        const ids = found.map(({ studentId }) => studentId);
        await recordExport(tx, ids, { caller, now: this.clock.now(), quotas: this.quotas });
        return found;
      }),
    );
    return zipped(rows, (row) => this.prints.printedOf(row));
  }
}

/** The archive asks for one file after the other: each begins the making of the one behind it. */
function zipped(rows: readonly PrintedRow[], print: (row: PrintedRow) => Promise<Buffer>): Readable {
  const making = new Map<number, Promise<Buffer>>();
  const make = (nth: number): Promise<Buffer> | undefined => {
    const row = rows[nth];
    const made = row && (making.get(nth) ?? print(row));
    if (!made) return undefined;
    made.catch(() => undefined); // whoever asks for it hears of the failure
    making.set(nth, made);
    return made;
  };
  async function* content(nth: number): AsyncGenerator<Buffer> {
    for (let ahead = 0; ahead < AHEAD; ahead += 1) void make(nth + ahead);
    const pdf = await make(nth);
    making.delete(nth);
    if (pdf) yield pdf;
  }
  const zip = new JSZip();
  for (const [nth, { number, issuedOn }] of rows.entries())
    zip.file(`${number}.pdf`, Readable.from(content(nth)), { date: new Date(instantOf(issuedOn)), binary: true });
  const file = new PassThrough();
  pipeline(zip.generateNodeStream({ streamFiles: true, compression: 'STORE' }), file, () => undefined); // the reader hears of a failure
  return file;
}
