import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { inScope, lookUp } from '../platform/database/in-scope.js';
import { PERSON_NAME } from '../organisations/organisations.store.js';
import type { IncidentAcknowledgement, IncidentPage, IncidentQuery, IncidentView } from './incidents.dto.js';

/** Those that the operator may see; `$1` are the organisations of the operator. */
const SEEN = `
  select i.about, i.request_id as "requestId", r.number, r.kind, r.state, i.found, i.run_id as "runId", i.at, i.since,
    i.ended_by as "endedBy", i.reason, ${PERSON_NAME('i.acknowledged_by')} as "acknowledgedBy",
    i.acknowledged_at as "acknowledgedAt", i.note,
    case when i.found in ('unknown', 'evidenceMissing', 'evidenceChanged') then null when i.found = 'readModelDiffers' then true
      when r.state <> 'open' then true when i.found = 'internalError' then r.hold ->> 'cause' is distinct from 'internal-error'
      else coalesce(c.run_id is distinct from i.run_id and c.run_id is not null, false) end as over
  from process_incident i left join change_request r on r.id = i.request_id left join process_cursor c on c.request_id = i.request_id
  where (i.request_id is null or r.seen_by && $1)`;
const INCIDENTS = `${SEEN} and ($2::timestamptz is null or (i.at, i.about, i.run_id) < ($2, $3::text, $4::text))
  and ($5::text is null or i.found = $5) and ($6::uuid is null or i.request_id = $6)
  and ($7::boolean is null or $7 = (i.acknowledged_at is not null))
  order by i.at desc, i.about desc, i.run_id desc limit $8`;
const ONE_INCIDENT = `${SEEN} and i.about = $2 and i.run_id = $3`;

interface Row extends Omit<IncidentView, 'at' | 'since' | 'acknowledgedAt'> {
  readonly at: Date;
  readonly since: Date | null;
  readonly acknowledgedAt: Date | null;
}

const iso = (at: Date | null): string | null => at && isoInShanghai(at.getTime());
const view = (row: Row): IncidentView => ({
  ...row,
  at: isoInShanghai(row.at.getTime()),
  since: iso(row.since),
  acknowledgedAt: iso(row.acknowledgedAt),
});

/** What happened to workflows and files from outside, for operators. */
@Injectable()
export class Incidents {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cursors: Cursors,
  ) {}

  async list(caller: Caller, { cursor, limit, found, requestId, acknowledged }: IncidentQuery): Promise<IncidentPage> {
    const [at = null, id = null, runId = null] = this.cursors.read('incidents', cursor) ?? [];
    const mine = organisationsOf(caller, 'operator');
    const values = [mine, at, id, runId, found ?? null, requestId ?? null, acknowledged ?? null, limit + 1];
    const rows = await lookUp<Row>(this.db, caller, INCIDENTS, values);
    const page = this.cursors.page('incidents', rows, limit, (row) => [row.at.toISOString(), row.about, row.runId]);
    return { ...page, items: page.items.map(view) };
  }

  /** The first acknowledgement stands. @throws Problem not-found */
  acknowledge(caller: Caller, { about, runId, note }: IncidentAcknowledgement): Promise<IncidentView> {
    return inScope(this.db, caller, async (tx) => {
      const one = async (): Promise<Row> => {
        const [row] = await tx.query<Row[]>(ONE_INCIDENT, [organisationsOf(caller, 'operator'), about, runId]);
        if (!row) throw new Problem('not-found');
        return row;
      };
      await one();
      await tx.query(
        `update process_incident set acknowledged_by = $3, acknowledged_at = $4, note = $5
           where about = $1 and run_id = $2 and acknowledged_at is null`,
        [about, runId, caller.personId, new Date(this.clock.now()), note],
      );
      return view(await one());
    });
  }
}
