import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { MESSAGES } from '../domain/messages/messages.js';
import type { Actor } from '../domain/offices.js';
import type { Caller } from '../platform/access/caller.js';
import { CLOCK, isoIfAny, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { lookUp, type Transaction } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import { told } from '../platform/http/language.js';
import type { PageQuery } from '../platform/http/page.dto.js';
import { Problem } from '../platform/http/problem.js';
import { newId } from '../platform/ledger/new-id.js';
import { Job } from './job.entity.js';
import type { JobFault } from './job-kind.js';
import type { JobPage, JobView } from './jobs.dto.js';
import { archiveOf, oneAfterTheOther, partPlace, type KeptPart } from './job-file.js';

interface Row extends Pick<Job, 'id' | 'kind' | 'state' | 'progress' | 'startedAt' | 'endedAt' | 'fileName' | 'fileType' | 'parts'> {
  result: Record<string, unknown> | null;
  faults: JobFault[];
}

const JOBS = `
  select id, kind, state, progress, started_at as "startedAt", ended_at as "endedAt", result,
    faults, file_name as "fileName", file_type as "fileType", parts
  from job where started_by = $1`;

const PART = 'select cipher from job_part where job_id = $1 and part = $2';
const NAMES = `select part, coalesce(name, part::text) as name from job_part where job_id = $1 order by part`;
const ARCHIVE = 'application/zip';

/** The file of a job on its way out. */
export interface JobFile {
  readonly name: string;
  readonly type: string;
  readonly content: Readable;
}

export interface NewJob {
  readonly kind: string;
  readonly organisationId: string;
  /** Ids, codes and days; no personal data. */
  readonly params: unknown;
}

/** Jobs 后台作业: what takes longer than an answer may. A person sees the own ones, while an office in their organisation is held. */
@Injectable()
export class Jobs {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly cursors: Cursors,
  ) {}

  /** Starts a job in the transaction that judged it; the worker takes it after the commit. */
  async start(tx: Transaction, { personId }: Actor, { kind, organisationId, params }: NewJob): Promise<JobView> {
    const id = newId();
    const now = new Date(this.clock.now());
    await tx.query(
      `insert into job (id, kind, organisation_id, started_by, started_at, state, params, due_at)
       values ($1, $2, $3, $4, $5, 'running', $6, $5)`,
      [id, kind, organisationId, personId, now, JSON.stringify(params)],
    );
    const [row] = await tx.query<[Row]>(`${JOBS} and id = $2`, [personId, id]);
    return view(row);
  }

  async list(caller: Caller, { cursor, limit }: PageQuery): Promise<JobPage> {
    const [before = null] = this.cursors.read('jobs', cursor) ?? [];
    const sql = `${JOBS} and ($2::uuid is null or id < $2) order by id desc limit $3`;
    const rows = await lookUp<Row>(this.db, caller, sql, [caller.personId, before, limit + 1]);
    const page = this.cursors.page('jobs', rows, limit, ({ id }) => [id]);
    return { ...page, items: page.items.map(view) };
  }

  /** @throws Problem not-found */
  async show(caller: Caller, id: string): Promise<JobView> {
    return view(await this.one(caller, id));
  }

  /** Its parts are read one after the other while they are sent. @throws Problem not-found, job-without-file */
  async file(caller: Caller, id: string): Promise<JobFile> {
    const { state, fileName: name, fileType: type, parts } = await this.one(caller, id);
    if (state !== 'done' || !name || !type) throw new Problem('job-without-file');
    const read = (part: number) => this.part(caller, id, part);
    if (type !== ARCHIVE) return { name, type, content: Readable.from(oneAfterTheOther(read, parts)) };
    const names = await lookUp<KeptPart>(this.db, caller, NAMES, [id]);
    return { name, type, content: archiveOf(read, names) };
  }

  private async one(caller: Caller, id: string): Promise<Row> {
    const [row] = await lookUp<Row>(this.db, caller, `${JOBS} and id = $2`, [caller.personId, id]);
    if (!row) throw new Problem('not-found');
    return row;
  }

  private async part(caller: Caller, id: string, part: number): Promise<Buffer> {
    const [row] = await lookUp<{ cipher: Buffer }>(this.db, caller, PART, [id, part]);
    if (!row) throw new Problem('not-found');
    return this.cipher.open(row.cipher, partPlace(id, part));
  }
}

const view = ({ id, kind, state, progress, startedAt, endedAt, result, faults, fileName, fileType }: Row): JobView => ({
  id,
  kind,
  state,
  progress,
  startedAt: isoInShanghai(startedAt.getTime()),
  endedAt: isoIfAny(endedAt),
  result,
  faults: faults.map(({ pointer, code }) => ({ pointer, code, detail: told(MESSAGES[code]) })),
  file: state === 'done' && fileName && fileType ? { name: fileName, type: fileType } : null,
});
