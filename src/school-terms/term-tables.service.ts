import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { codeOf, schoolTerm, type SchoolTerm, type TermRules } from '../domain/terms/school-term.js';
import { dateOf } from '../domain/working-days.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { PolicyStore } from '../policies/policies.store.js';
import { BELOW, overseenBy } from '../organisations/below.js';
import { COUNTED, DUE, RULES, rulesJson } from './due.store.js';
import { rulesOf, rulesUnderWay } from './term-rules.js';
import type { TermTable, TermTableQuery, TermTableRow } from './school-terms.dto.js';

const KEY = { authority: 'o.parent_id', school: 'o.id' } as const;

/**
 * The counts of the open schools at and below organisations ($1) in a term, under the rules of their provinces ($2), on a day ($3). Rows
 * are schools or competent authorities, most unregistered first, after a row ($4 count, $5 key), at most $6. It reads one row for each
 * school, never a student.
 */
export const TERM_TABLE = (by: keyof typeof KEY): string => `
  with ${BELOW('$1')},
  counted as (
    select ${KEY[by]} as key, n.*, n.to_register - n.registered as unregistered, d.date as due
    from below b join organisation o on o.id = b.id and o.level = 'school' and (o.closed_on is null or o.closed_on > $3::date)
      join ${RULES('$2')} on r.province_id is not distinct from o.province_id
      ${COUNTED} ${DUE}),
  now as (
    select key, count(*)::int as schools, sum(to_register)::int as "toRegister", sum(registered)::int as registered,
      sum(unregistered)::int as unregistered,
      sum(late)::int as late, sum(suspended)::int as suspended, sum(pending)::int as pending,
      coalesce(sum(owed) filter (where due < $3::date), 0)::int as overdue, min(counted_at) as "countedAt",
      ${by === 'school' ? `to_char(min(due), 'YYYY-MM-DD')` : 'null'} as "dueDate"
    from counted group by key)
  select now.*, ${ORGANISATION_NAME('h')} as organisation from now join organisation h on h.id = now.key
  where $4::int is null or (-unregistered, key) > (-$4::int, $5::uuid) order by -unregistered, key limit $6`;

type Row = Omit<TermTableRow, 'countedAt'> & { key: string; countedAt: Date };

/** For supervisors: how far the registration of a term is below them. */
@Injectable()
export class TermTables {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly policies: PolicyStore,
    private readonly cursors: Cursors,
  ) {}

  async table(caller: Caller, { by, term: code, cursor, limit }: TermTableQuery): Promise<TermTable> {
    const orgs = overseenBy(caller);
    const today = dateOf(this.clock.now());
    return inScope(this.db, caller, async (tx) => {
      const term = await this.term(tx, code, today);
      const list = `terms ${by} ${codeOf(term)}`;
      const [count = null, key = null] = this.cursors.read(list, cursor) ?? [];
      const rules = await this.rules(tx, orgs, term);
      const rows = await tx.query<Row[]>(TERM_TABLE(by), [orgs, rulesJson(rules), today, count, key, limit + 1]);
      const page = this.cursors.page(list, rows, limit, (row) => [String(row.unregistered), row.key]);
      const items = page.items.map(({ key: _, countedAt, ...row }) => ({ ...row, countedAt: isoInShanghai(countedAt.getTime()) }));
      return { term: codeOf(term), items, nextCursor: page.nextCursor };
    });
  }

  /** By default the one that is under way by the nation's days. */
  private async term(tx: Transaction, code: string | undefined, today: string): Promise<SchoolTerm> {
    if (code === undefined) return (await rulesUnderWay(tx, this.policies, null, today)).term;
    const term = schoolTerm(code);
    if (!term || term.year > Number(today.slice(0, 4)) + 1) throw new Problem('not-found');
    return term;
  }

  private async rules(tx: Transaction, orgs: string[], term: SchoolTerm): Promise<Map<string | null, TermRules>> {
    const provinces = await tx.query<{ id: string | null }[]>(
      `with ${BELOW('$1')} select distinct o.province_id as id from below join organisation o using (id) where o.level = 'school'`,
      [orgs],
    );
    return new Map(await Promise.all(provinces.map(async ({ id }) => [id, await rulesOf(tx, this.policies, id, term)] as const)));
  }
}
