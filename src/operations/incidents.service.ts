import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { isoInShanghai } from '../platform/clock.js';
import { lookUp } from '../platform/database/in-scope.js';
import type { IncidentPage, IncidentQuery, IncidentView } from './incidents.dto.js';

const INCIDENTS = `
  select i.about, i.request_id as "requestId", r.number, r.kind, r.state, i.found, i.run_id as "runId", i.at
  from process_incident i left join change_request r on r.id = i.request_id
  where (i.request_id is null or r.seen_by && $1) and ($2::timestamptz is null or (i.at, i.about, i.run_id) < ($2, $3::text, $4::text))
  order by i.at desc, i.about desc, i.run_id desc limit $5`;

/** What happened to workflows and files from outside, for operators. */
@Injectable()
export class Incidents {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly cursors: Cursors,
  ) {}

  async list(caller: Caller, { cursor, limit }: IncidentQuery): Promise<IncidentPage> {
    const [at = null, id = null, runId = null] = this.cursors.read('incidents', cursor) ?? [];
    const values = [organisationsOf(caller, 'operator'), at, id, runId, limit + 1];
    const rows = await lookUp<Omit<IncidentView, 'at'> & { at: Date }>(this.db, caller, INCIDENTS, values);
    const page = this.cursors.page('incidents', rows, limit, (row) => [row.at.toISOString(), row.about, row.runId]);
    return { ...page, items: page.items.map((row) => ({ ...row, at: isoInShanghai(row.at.getTime()) })) };
  }
}
