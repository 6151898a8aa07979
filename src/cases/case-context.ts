import { Inject, Injectable } from '@nestjs/common';
import { CalendarStore } from '../calendar/calendar.store.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Moment } from '../domain/case/claims.js';
import type { CaseDeps } from './cases.store.js';

/** The dependencies that the API's services need to write an act of a case. */
@Injectable()
export class CaseContext implements CaseDeps {
  constructor(
    @Inject(CLOCK) readonly clock: Clock,
    readonly cipher: FieldCipher,
    readonly calendar: CalendarStore,
  ) {}

  /** Now, by the calendars that the transaction counts on. */
  async moment(tx: Transaction): Promise<Moment> {
    const calendars = await this.calendar.current(tx);
    return { now: this.clock.now(), calendars };
  }
}
