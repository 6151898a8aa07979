import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Caller } from '../platform/access/caller.js';
import { watchingAt } from '../domain/offices.js';
import { Cursors } from '../platform/http/cursor.js';
import { isoInShanghai } from '../platform/clock.js';
import { lookUp } from '../platform/database/in-scope.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { LAST_MOVED } from './stale-cases.js';
import type { StalePage, StaleQuery, StaleView } from './stale.dto.js';

type Row = Omit<StaleView, 'movedAt' | 'notedAt'> & { movedAt: Date; notedAt: Date };

const STALE = `
  select r.id as "requestId", r.number, r.kind, ${ORGANISATION_NAME('src')} as "sourceSchool", case when dst.id is null then null
    else ${ORGANISATION_NAME('dst')} end as "destinationSchool",
    (select coalesce(jsonb_agg(distinct ${ORGANISATION_NAME('h')}), '[]') from task t join organisation h on h.id = t.holder_id
      where t.request_id = r.id and t.state = 'open') as holders,
    s.moved_at as "movedAt", s.noted_at as "notedAt"
  from stale_case s join change_request r on r.id = s.request_id and r.state = 'open'
    join organisation src on src.id = r.source_school_id left join organisation dst on dst.id = r.destination_school_id
  where r.seen_by && $1 and ($2::timestamptz is null or (s.moved_at, s.request_id) > ($2, $3::uuid))
    and s.moved_seq = (select seq from ${LAST_MOVED('r.id')} m)
  order by s.moved_at, s.request_id limit $4`;

/** Stale cases, which nobody moves (A4). They are shown to everybody who may see them, and never removed. */
@Injectable()
export class Stale {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly cursors: Cursors,
  ) {}

  async list(caller: Caller, { cursor, limit }: StaleQuery): Promise<StalePage> {
    const [movedAt = null, id = null] = this.cursors.read('stale', cursor) ?? [];
    const rows = await lookUp<Row>(this.db, caller, STALE, [watchingAt(caller), movedAt, id, limit + 1]);
    const page = this.cursors.page('stale', rows, limit, (row) => [row.movedAt.toISOString(), row.requestId]);
    return {
      ...page,
      items: page.items.map((row) => ({
        ...row,
        movedAt: isoInShanghai(row.movedAt.getTime()),
        notedAt: isoInShanghai(row.notedAt.getTime()),
      })),
    };
  }
}
