import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CaseContext } from '../cases/case-context.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { holds, type Actor } from '../domain/offices.js';
import { addDays, dateOf, type PlainDate } from '../domain/working-days.js';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { isoIfAny } from '../platform/clock.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { rowsJson } from '../platform/database/insert-rows.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { appendNext } from '../platform/ledger/streams.js';
import { PolicyStore } from '../policies/policies.store.js';
import { seenSchool, type School, type TermDeps } from '../school-terms/term-of-school.js';
import { askedOfSchool } from './asked.js';
import type { AnswerDoubts, AnsweredDoubts, DoubtAnswerInput, DoubtCount, DoubtCounts } from './data-checks.dto.js';
import type { DoubtPage, DoubtQuery, FoundDoubt } from './data-checks.dto.js';
import { DOUBT_RULE_CODES, rulesOfPurpose, type DoubtRuleCode } from './doubt-rules.js';
import { DOUBT_COUNTS, DOUBT_PAGE, DOUBTS_AMONG, KEEP_ANSWERS, ON_ROLL_AT, type DoubtRow } from './doubts.store.js';

const BEFORE_ALL = ['00000000-0000-0000-0000-000000000000', ''];
const placeOf = (schoolId: string, studentId: string, rule: string): string => `doubt_answer.text:${schoolId}/${studentId}/${rule}`;

/** Data checks 数据核查: what rules doubt of a school's students, and what the school answers. Found anew by each question, and never kept. */
@Injectable()
export class Doubts {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly context: CaseContext,
    private readonly policies: PolicyStore,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
  ) {}

  /** @throws Problem not-found for a school out of reach */
  list(caller: Caller, { schoolId, rule, purpose, progress, cursor, limit }: DoubtQuery): Promise<DoubtPage> {
    const name = `doubts ${schoolId} ${rule ?? ''} ${purpose ?? ''} ${progress ?? ''}`;
    const after = this.cursors.read(name, cursor) ?? BEFORE_ALL;
    return inScope(this.db, caller, async (tx) => {
      const asked = await this.asked(tx, await this.school(tx, caller, schoolId));
      const values = [schoolId, asked, rulesAsked(rule, purpose), ...after, progress ?? null, limit + 1];
      const rows = await beyond(tx, 'dataChecks', () => tx.query<DoubtRow[]>(DOUBT_PAGE, values));
      const page = this.cursors.page(name, rows, limit, (row) => [row.studentId, row.rule]);
      return { ...page, items: page.items.map((row) => this.view(schoolId, row)) };
    });
  }

  counts(caller: Caller, schoolId: string): Promise<DoubtCounts> {
    return inScope(this.db, caller, async (tx) => {
      const school = await this.school(tx, caller, schoolId);
      return { school: school.name, ...(await this.countsOf(tx, school)) };
    });
  }

  /** The same inside another's transaction. */
  async countsOf(tx: Transaction, school: School): Promise<{ students: number; items: DoubtCount[] }> {
    const asked = await this.asked(tx, school);
    return beyond(tx, 'dataChecks', async () => {
      const items = await tx.query<DoubtCount[]>(DOUBT_COUNTS, [school.id, asked, DOUBT_RULE_CODES]);
      const [row] = await tx.query<{ students: number }[]>(ON_ROLL_AT, [school.id]);
      return { students: row?.students ?? 0, items };
    });
  }

  /** All of the list or none. @throws Problem invalid-input with the places of what is no doubt any more */
  async answer(caller: Caller, keyed: KeyedRequest, { schoolId, items }: AnswerDoubts): Promise<AnsweredDoubts> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor: Actor) => {
      if (!holds(actor, 'schoolClerk', schoolId)) throw new Problem('not-your-office');
      await tx.query('select 1 from organisation where id = $1 for no key update', [schoolId]);
      const school = await this.school(tx, actor, schoolId);
      await this.keepAnswers(tx, actor, school, items);
      await appendNext(tx, this.context, 'organisation', schoolId, {
        kind: 'doubtsAnswered',
        by: actedBy(actor, { office: 'schoolClerk', organisationId: schoolId }),
        body: { items: items.map(({ text: _, ...item }) => ({ ...item, correctBy: this.correctBy(item) })) },
        texts: Object.fromEntries(items.flatMap(({ text }, nth) => (text === undefined ? [] : [[`text${nth}`, text] as const]))),
      });
      return { answered: items.length };
    });
    return answer;
  }

  private async keepAnswers(tx: Transaction, actor: Actor, school: School, items: readonly DoubtAnswerInput[]): Promise<void> {
    const values = [school.id, await this.asked(tx, school), DOUBT_RULE_CODES, items.map(({ studentId }) => studentId)];
    const found = await beyond(tx, 'dataChecks', () =>
      tx.query<{ studentId: string; rule: DoubtRuleCode; seen: object }[]>(DOUBTS_AMONG, values),
    );
    const seen = new Map(found.map((one) => [keyOf(one), one.seen]));
    const errors = faultsIn(items, seen, dateOf(this.context.clock.now()));
    if (errors.length > 0) throw new Problem('invalid-input', { errors });
    const answeredAt = new Date(this.context.clock.now());
    const rows = items.map((item) => {
      const { studentId, rule, answer, text } = item;
      const textCipher = text === undefined ? null : this.context.cipher.encrypt(text, placeOf(school.id, studentId, rule));
      const said = { schoolId: school.id, studentId, rule, seen: seen.get(keyOf(item)), answer, textCipher };
      return { ...said, correctBy: this.correctBy(item), answeredBy: actor.personId, answeredAt };
    });
    await tx.query(KEEP_ANSWERS, [rowsJson(rows)]);
  }

  /** What is said to be corrected is found no more from tomorrow on. */
  private correctBy({ answer, correctBy }: Pick<DoubtAnswerInput, 'answer' | 'correctBy'>): PlainDate | null {
    if (answer === 'corrected') return dateOf(this.context.clock.now());
    return answer === 'willCorrect' ? (correctBy ?? null) : null;
  }

  private view(schoolId: string, { text, answeredAt, ...row }: DoubtRow): FoundDoubt {
    const said = text && this.context.cipher.decrypt(text, placeOf(schoolId, row.studentId, row.rule));
    return { ...row, text: said, answeredAt: isoIfAny(answeredAt) };
  }

  private school = (tx: Transaction, actor: Actor, id: string): Promise<School> =>
    seenSchool(tx, actor, id, dateOf(this.context.clock.now()));

  private asked = async (tx: Transaction, school: School): Promise<string> => JSON.stringify(await askedOfSchool(tx, this.deps, school));

  private get deps(): TermDeps {
    const { clock, cipher, calendar } = this.context;
    return { clock, cipher, calendar, policies: this.policies };
  }
}

const keyOf = ({ studentId, rule }: { readonly studentId: string; readonly rule: string }): string => `${studentId} ${rule}`;

function rulesAsked(rule: DoubtRuleCode | undefined, purpose: DoubtQuery['purpose']): DoubtRuleCode[] {
  const codes = purpose ? rulesOfPurpose(purpose) : DOUBT_RULE_CODES;
  return rule ? codes.filter((code) => code === rule) : codes;
}

function faultsIn(items: readonly DoubtAnswerInput[], seen: ReadonlyMap<string, object>, today: PlainDate) {
  const first = new Map<string, number>();
  return items.flatMap((item, nth) => {
    const pointer = `/items/${nth}`;
    const key = keyOf(item);
    if (first.has(key)) return [{ pointer, detail: FIELD_FAULTS.twice }];
    first.set(key, nth);
    if (!seen.has(key)) return [{ pointer, detail: FIELD_FAULTS.noDoubt }];
    const { answer, correctBy = today } = item;
    const within = correctBy >= today && correctBy <= addDays(today, 366);
    return answer === 'willCorrect' && !within ? [{ pointer: `${pointer}/correctBy`, detail: FIELD_FAULTS.withinYear }] : [];
  });
}
