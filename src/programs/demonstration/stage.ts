import { CaseContext } from '../../cases/case-context.js';
import { CalendarStore } from '../../calendar/calendar.store.js';
import { demoId } from '../../demo/demo-id.js';
import { demoOrganisations, type DemoOrganisation } from '../../demo/organisations.js';
import { demoPeople } from '../../demo/people.js';
import type { Actor } from '../../domain/offices.js';
import { dateOf, instantOf, subtractWorkingDays, type WorkingCalendar } from '../../domain/working-days.js';
import type { Clock } from '../../platform/clock.js';
import type { FieldCipher } from '../../platform/database/field-cipher.js';
import type { Transaction } from '../../platform/database/in-scope.js';
import { Problem } from '../../platform/http/problem.js';
import { PolicyStore } from '../../policies/policies.store.js';
import { Filing } from '../../requests/filing.service.js';

/** A clock that is set: what the demonstration has done in the past was done when the clock stood there. */
export class PastTime implements Clock {
  constructor(private at: number) {}
  readonly now = (): number => this.at;
  set(at: number): void {
    this.at = at;
  }
}

/** A part of the past that today's date forbids; any other failure is a fault of the program. */
export class NotToday extends Error {}

/** What every part of the demonstration's past is made with: one transaction, one clock, and the people of its offices. */
export class Stage {
  readonly clock: PastTime;
  readonly context: CaseContext;
  readonly policies = new PolicyStore();
  readonly filing: Filing;
  private readonly organisations = new Map<string, DemoOrganisation>(demoOrganisations().map((one) => [one.id, one]));
  private readonly people = new Map(demoPeople().map((one) => [one.username, one]));

  constructor(
    readonly tx: Transaction,
    cipher: FieldCipher,
    /** The instant at which a visitor comes in. */
    readonly present: number,
    readonly calendar: WorkingCalendar,
    calendars: CalendarStore,
  ) {
    this.clock = new PastTime(present);
    this.context = new CaseContext(this.clock, cipher, calendars);
    this.filing = new Filing(this.clock, cipher, this.policies, calendars);
  }

  static async set(tx: Transaction, cipher: FieldCipher, present: number): Promise<Stage> {
    const calendars = new CalendarStore();
    return new Stage(tx, cipher, present, (await calendars.current(tx)).national, calendars);
  }

  get today(): string {
    return dateOf(this.present);
  }

  /**
   * Does a part that on some days of the year the rules forbid; it is left out then. A part writes nothing before it is sure, because a
   * savepoint would hide the rows of its acts from the ledger.
   */
  async part<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NotToday || error instanceof Problem)) throw error;
      return undefined;
    }
  }

  /** The day on which the clock stands. */
  day(): string {
    return dateOf(this.clock.now());
  }

  /** In the morning of a day so many working days before today, and never later than now. */
  workingDaysAgo(n: number, minutes = 0): number {
    const day = n === 0 ? this.today : subtractWorkingDays(this.calendar, this.today, n);
    return Math.min(instantOf(day, 9, 20 + minutes), this.present);
  }

  /** The person of an account, in the one office held there. */
  actor(username: string): Actor {
    const person = this.people.get(username);
    if (!person) throw new RangeError(`the demonstration has no account ${username}`);
    const { id: personId, office, organisationId } = person;
    return { personId, offices: [{ office, organisationId, headId: demoId('head', this.codeOf(organisationId)) }] };
  }

  codeOf(organisationId: string): string {
    const found = this.organisations.get(organisationId);
    if (!found) throw new RangeError(`the demonstration has no organisation ${organisationId}`);
    return found.code;
  }
}
