import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CaseContext } from '../cases/case-context.js';
import { handlingAt, holds, type Actor } from '../domain/offices.js';
import { codeOf, schoolTerm, type SchoolTerm } from '../domain/terms/school-term.js';
import { dateOf } from '../domain/working-days.js';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { isoIfAny } from '../platform/clock.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { headOn } from '../platform/ledger/head-on.js';
import { newId } from '../platform/ledger/new-id.js';
import { appendNext } from '../platform/ledger/streams.js';
import { PolicyStore } from '../policies/policies.store.js';
import { rulesUnderWay } from '../school-terms/term-rules.js';
import { seenSchool, type TermDeps } from '../school-terms/term-of-school.js';
import { underWayAt } from './asked.js';
import type { DoubtCount, StatementPage, StatementQuery, StatementView } from './data-checks.dto.js';
import { Doubts } from './doubts.service.js';
import { ONE_STATEMENT, SETTLE_STATEMENT, SIGN_STATEMENT, STATEMENTS } from './statements.store.js';

interface Row extends Omit<StatementView, 'term' | 'signedAt' | 'settledAt'> {
  readonly signedAt: Date | null;
  readonly settledAt: Date | null;
}

/** Statements 数据核查确认书: once a term a school's reviewer signs in the name of its head, and its authority confirms or returns it. */
@Injectable()
export class Statements {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly context: CaseContext,
    private readonly policies: PolicyStore,
    private readonly doubts: Doubts,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
  ) {}

  /** The open schools in reach with their statements, by code. */
  list(caller: Caller, { term: code, cursor, limit }: StatementQuery): Promise<StatementPage> {
    const today = dateOf(this.context.clock.now());
    return inScope(this.db, caller, async (tx) => {
      const asked = code === undefined ? (await rulesUnderWay(tx, this.policies, null, today)).term : schoolTerm(code);
      if (!asked) throw new Problem('not-found');
      const term = codeOf(asked);
      const name = `statements ${term}`;
      const [after = ''] = this.cursors.read(name, cursor) ?? [];
      const values = [handlingAt(caller), asked.year, asked.nth, today, after, limit + 1];
      const rows = await tx.query<Row[]>(STATEMENTS, values);
      const page = this.cursors.page(name, rows, limit, ({ school }) => [school.code]);
      return { term, nextCursor: page.nextCursor, items: page.items.map((row) => viewed(row, term)) };
    });
  }

  /** The counts are frozen as they are now. @throws Problem no-head-on-record, doubts-unanswered, statement-signed */
  async sign(caller: Caller, keyed: KeyedRequest, schoolId: string): Promise<StatementView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor: Actor) => {
      if (!holds(actor, 'schoolReviewer', schoolId)) throw new Problem('not-your-office');
      await tx.query('select 1 from organisation where id = $1 for no key update', [schoolId]);
      await this.mustHaveHead(tx, schoolId);
      const now = this.context.clock.now();
      const school = await seenSchool(tx, actor, schoolId, dateOf(now));
      const { rules } = await underWayAt(tx, this.deps, school);
      const { students, items: counts } = await this.doubts.countsOf(tx, school);
      if (counts.some(({ found, answered }) => found > answered)) throw new Problem('doubts-unanswered');
      const values = [newId(), schoolId, rules.term.year, rules.term.nth, students, JSON.stringify(counts), actor.personId, new Date(now)];
      const [signed] = await tx.query<{ id: string }[]>(SIGN_STATEMENT, values);
      if (!signed) throw new Problem('statement-signed');
      const by = actedBy(actor, { office: 'schoolReviewer', organisationId: schoolId });
      const body = { statementId: signed.id, term: codeOf(rules.term), students, counts };
      await appendNext(tx, this.context, 'organisation', schoolId, { kind: 'dataStated', by, body });
      return this.view(tx, signed.id);
    });
    return answer;
  }

  confirm = (caller: Caller, keyed: KeyedRequest, id: string): Promise<StatementView> => this.settle(caller, keyed, id, undefined);
  giveBack = (caller: Caller, keyed: KeyedRequest, id: string, reason: string): Promise<StatementView> =>
    this.settle(caller, keyed, id, reason);

  /** By another person than who signed. @throws Problem statement-not-open, separation-of-duties, no-head-on-record */
  private async settle(caller: Caller, keyed: KeyedRequest, id: string, reason: string | undefined): Promise<StatementView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor: Actor) => {
      const reviews = organisationsOf(actor, 'authorityReviewer');
      if (reviews.length === 0) throw new Problem('not-your-office');
      const found = await this.one(tx, id);
      const organisationId = found.authorityId;
      if (!reviews.includes(organisationId)) throw new Problem('not-your-office');
      await tx.query('select 1 from organisation where id = $1 for no key update', [found.school.id]);
      if ((await this.one(tx, id)).state !== 'signed') throw new Problem('statement-not-open');
      if (found.signedBy === actor.personId) throw new Problem('separation-of-duties');
      await this.mustHaveHead(tx, organisationId);
      const state = reason === undefined ? 'confirmed' : 'returned';
      await tx.query(SETTLE_STATEMENT, [id, state, actor.personId, new Date(this.context.clock.now())]);
      await appendNext(tx, this.context, 'organisation', found.school.id, {
        kind: reason === undefined ? 'dataStatementConfirmed' : 'dataStatementReturned',
        by: actedBy(actor, { office: 'authorityReviewer', organisationId }),
        body: { statementId: id, term: codeOf(found), students: found.students, counts: found.counts },
        texts: reason === undefined ? {} : { reason },
      });
      return this.view(tx, id);
    });
    return answer;
  }

  private async mustHaveHead(tx: Transaction, organisationId: string): Promise<void> {
    if ((await headOn(tx, organisationId, this.context.clock.now())) === null) throw new Problem('no-head-on-record');
  }

  private async view(tx: Transaction, id: string): Promise<StatementView> {
    const { authorityId: _a, signedBy: _s, year, nth, ...row } = await this.one(tx, id);
    return viewed(row, codeOf({ year, nth }));
  }

  private async one(tx: Transaction, id: string): Promise<OneRow> {
    const [row] = await tx.query<OneRow[]>(ONE_STATEMENT, [id]);
    if (!row) throw new Problem('not-found');
    return row;
  }

  private get deps(): TermDeps {
    const { clock, cipher, calendar } = this.context;
    return { clock, cipher, calendar, policies: this.policies };
  }
}

interface OneRow extends Row, SchoolTerm {
  readonly counts: DoubtCount[];
  readonly authorityId: string;
  readonly signedBy: string;
}

const viewed = ({ signedAt, settledAt, ...row }: Row, term: string): StatementView => ({
  ...row,
  term,
  signedAt: isoIfAny(signedAt),
  settledAt: isoIfAny(settledAt),
});
