import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Problem } from '../platform/http/problem.js';
import { isoInShanghai } from '../platform/clock.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { deadlineOf } from '../domain/case/agenda.js';
import { calendarFor, type WorkingCalendar } from '../domain/working-days.js';
import { CalendarStore } from './calendar.store.js';
import { CalendarQuery, CalendarYearView, DeadlineQuery, DeadlineView } from './calendar.dto.js';
import { yearOf } from './calendar-year.js';
import { SignedIn } from '../platform/access/may-call.js';

@ApiTags('calendar')
@ApiBearerAuth()
@SignedIn()
@Controller('calendar')
export class CalendarController {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly calendar: CalendarStore,
  ) {}

  /** Says when a task that arrives on a day is due (A7). The day of arrival does not count. */
  @Get('deadline')
  async deadline(@Query() { from, workingDays, organisationId }: DeadlineQuery): Promise<DeadlineView> {
    const calendar = await inScope(this.db, 'system', (tx) => this.calendarAt(tx, organisationId));
    const { dueDate, dueAt, provisional } = deadlineOf(calendar, { arrivedOn: from, workingDays });
    return { from, workingDays, dueDate, dueAt: isoInShanghai(dueAt), provisional };
  }

  /**
   * Lists the days of a year that differ from Monday to Friday, with the overlay of a province when one is asked for. A year without an
   * announcement has the statutory days of the standing decree, and is provisional.
   */
  @Get(':year')
  async year(@Param('year') year: string, @Query() { provinceId }: CalendarQuery): Promise<CalendarYearView> {
    if (!/^\d{4}$/.test(year)) throw new Problem('not-found');
    const view = await inScope(this.db, 'system', (tx) => yearOf(tx, Number(year), provinceId));
    if (!view) throw new Problem('not-found');
    return view;
  }

  private async calendarAt(tx: Transaction, organisationId: string | undefined): Promise<WorkingCalendar> {
    const calendars = await this.calendar.current(tx);
    if (!organisationId) return calendars.national;
    const [at] = await tx.query<{ provinceId: string | null }[]>('select province_id as "provinceId" from organisation where id = $1', [
      organisationId,
    ]);
    if (!at) throw new Problem('not-found');
    return calendarFor(calendars, { holder: organisationId, ladder: at.provinceId ? [at.provinceId] : [] });
  }
}
