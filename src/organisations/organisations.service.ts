import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Problem } from '../platform/http/problem.js';
import { Cursors } from '../platform/http/cursor.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { inScope } from '../platform/database/in-scope.js';
import { dateOf } from '../domain/working-days.js';
import type { OrganisationDetail, OrganisationPage, OrganisationQuery, OrganisationView } from './organisations.dto.js';
import { ORGANISATION_VIEW } from './organisations.store.js';

const likeLiteral = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** The directory. */
@Injectable()
export class Organisations {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cursors: Cursors,
  ) {}

  async list({ q, level, type, cursor, limit }: OrganisationQuery): Promise<OrganisationPage> {
    const [after] = this.cursors.read('organisations', cursor) ?? [''];
    const rows = await inScope(this.db, 'system', (tx) =>
      tx.query<{ organisation: OrganisationView }[]>(
        `select ${ORGANISATION_VIEW('o')} as organisation from organisation o
         where o.code > $1 and ($2::text is null or o.name like '%' || $2 || '%' or o.code like $2 || '%')
           and ($3::text is null or o.level = $3) and ($4::text is null or o.type = $4) and (o.closed_on is null or o.closed_on > $6::date)
         order by o.code limit $5`,
        [after, q === undefined ? null : likeLiteral(q), level ?? null, type ?? null, limit + 1, dateOf(this.clock.now())],
      ),
    );
    return this.cursors.page(
      'organisations',
      rows.map(({ organisation }) => organisation),
      limit,
      ({ code }) => [code],
    );
  }

  /** Also one that is closed, since what was before names it. @throws Problem not-found */
  async show(id: string): Promise<OrganisationDetail> {
    const [row] = await inScope(this.db, 'system', (tx) =>
      tx.query<{ organisation: OrganisationView; closedOn: string | null; successorId: string | null }[]>(
        `select ${ORGANISATION_VIEW('o')} as organisation, to_char(o.closed_on, 'YYYY-MM-DD') as "closedOn", o.successor_id as "successorId"
         from organisation o where o.id = $1`,
        [id],
      ),
    );
    if (!row) throw new Problem('not-found');
    const { organisation, ...more } = row;
    return { ...organisation, ...more };
  }
}
