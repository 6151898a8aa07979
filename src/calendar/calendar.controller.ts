import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Problem } from '../api/problem.js';
import { isoInShanghai } from '../clock.js';
import { inScope } from '../database/in-scope.js';
import { deadlineOf } from '../domain/agenda.js';
import { CalendarStore } from './calendar-store.js';
import { CalendarYearView, DeadlineQuery, DeadlineView } from './calendar.dto.js';

@ApiTags('calendar')
@ApiBearerAuth()
@Controller('calendar')
export class CalendarController {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly calendar: CalendarStore,
  ) {}

  /** When something that arrives on a day is due (A7): the day of arrival does not count. */
  @Get('deadline')
  async deadline(@Query() { from, workingDays }: DeadlineQuery): Promise<DeadlineView> {
    const calendar = await inScope(this.db, 'system', (tx) => this.calendar.current(tx));
    const { dueDate, dueAt, provisional } = deadlineOf(calendar, { arrivedOn: from, workingDays });
    return { from, workingDays, dueDate, dueAt: isoInShanghai(dueAt), provisional };
  }

  /** The days of a year that differ from Monday to Friday. */
  @Get(':year')
  year(@Param('year') year: string): Promise<CalendarYearView> {
    if (!/^\d{4}$/.test(year)) throw new Problem('not-found');
    return inScope(this.db, 'system', async (tx) => {
      const [row] = await tx.query<CalendarYearView[]>(
        `select year, status, version, notice, (select coalesce(jsonb_agg(jsonb_build_object('date', to_char(date, 'YYYY-MM-DD'), 'kind', kind, 'name', name) order by date), '[]')
           from calendar_day where extract(year from date) = year) as days from calendar_year where year = $1::int`,
        [year],
      );
      if (!row) throw new Problem('not-found');
      return row;
    });
  }
}
