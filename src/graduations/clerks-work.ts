import { Injectable } from '@nestjs/common';
import { CaseContext } from '../cases/case-context.js';
import { Wakes } from '../cases/wakes.js';
import type { Actor } from '../domain/offices.js';
import type { Policy } from '../domain/policy/policy.js';
import { calendarFor, dateOf, type PlainDate, type WorkingCalendar } from '../domain/working-days.js';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { actedBy, type Signature } from '../platform/ledger/acted-by.js';
import { PolicyStore } from '../policies/policies.store.js';
import { clerksSchool, type School, type TermDeps } from '../school-terms/term-of-school.js';

/** What a school's clerk writes on: the transaction, which has locked the school, its rules, and who signs. */
export interface SchoolWork {
  readonly tx: Transaction;
  readonly deps: TermDeps;
  readonly school: School;
  readonly policy: Policy;
  readonly calendar: WorkingCalendar;
  readonly by: Signature;
  readonly today: PlainDate;
  readonly at: Date;
}

/** The writes of a school's clerk on graduations, each once for its key and one at a time for the school. */
@Injectable()
export class ClerksWork {
  constructor(
    private readonly context: CaseContext,
    private readonly policies: PolicyStore,
    private readonly once: OnceOnly,
    private readonly wakes: Wakes,
  ) {}

  get deps(): TermDeps {
    const { clock, cipher, calendar } = this.context;
    return { clock, cipher, calendar, policies: this.policies, wake: (wake) => this.wakes.wake(wake) };
  }

  today = (): PlainDate => dateOf(this.context.clock.now());

  /** @throws Problem not-found, not-your-office, and what `schoolOf` and `work` throw */
  async run<T extends object>(
    caller: Caller,
    keyed: KeyedRequest,
    schoolOf: (actor: Actor, tx: Transaction) => string | Promise<string>,
    work: (work: SchoolWork) => Promise<T>,
  ): Promise<T> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const today = this.today();
      const school = await clerksSchool(tx, actor, await schoolOf(actor, tx), today);
      await tx.query('select 1 from organisation where id = $1 for update', [school.id]);
      const [policy, calendars] = await Promise.all([
        this.policies.inForce(tx, school.provinceId ?? undefined, today),
        this.context.calendar.current(tx),
      ]);
      const calendar = calendarFor(calendars, { holder: school.id, ladder: school.ancestors });
      const by = actedBy(actor, { office: 'schoolClerk', organisationId: school.id });
      return work({ tx, deps: this.deps, school, policy, calendar, by, today, at: new Date(this.context.clock.now()) });
    });
    return answer;
  }
}
