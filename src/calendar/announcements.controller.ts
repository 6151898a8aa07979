import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { inScope } from '../platform/database/in-scope.js';
import { dayOfWeek } from '../domain/working-days.js';
import { NATIONAL_CALENDAR } from './national-calendar.js';
import { readAnnouncement, type AnnouncedDay } from './announcement.js';
import { AnnouncementView, PastedAnnouncement, type AnnouncedYearView } from './announcements.dto.js';
import { ForOffices } from '../platform/access/may-call.js';

@ApiTags('calendar')
@ApiBearerAuth()
@ForOffices('authoritySupervisor', 'operator')
@Controller('calendar/notices')
export class AnnouncementsController {
  constructor(@InjectDataSource() private readonly db: DataSource) {}

  /** Reads the pasted text of an announcement into tables of days to confirm. Nothing is saved: the confirmed table goes into a draft. */
  @Post()
  @HttpCode(200)
  async read(@CallerNow() caller: Caller, @Body() { text }: PastedAnnouncement): Promise<AnnouncementView> {
    const inForce = await inScope(this.db, caller, (tx) => tx.query<AnnouncedDay[]>(IN_FORCE, [NATIONAL_CALENDAR]));
    const { year, number, festivals, days, doubts } = readAnnouncement(text, inForce);
    const years = [...new Set([...(year ? [year] : []), ...days.map(({ date }) => yearIn(date))])].sort();
    const tables = days.length === 0 ? [] : years.map((one) => tableOf(one, one === year, days, inForce));
    return { year: year ?? null, notice: number ?? null, festivals: [...festivals], tables, doubts: [...doubts] };
  }
}

const IN_FORCE = `
  select d.date, d.kind, d.name from (
    select distinct on (year) days from calendar_version where calendar_id = $1 and state = 'approved' order by year, version desc) v
  cross join lateral jsonb_to_recordset(v.days) as d (date text, kind text, name text)`;

const yearIn = (date: string): number => Number(date.slice(0, 4));
const same = (one: AnnouncedDay, other: AnnouncedDay): boolean => one.date === other.date && one.kind === other.kind;

/** The announcement settles its own year wholly. To another year it only adds days. */
function tableOf(year: number, own: boolean, days: readonly AnnouncedDay[], inForce: readonly AnnouncedDay[]): AnnouncedYearView {
  const before = inForce.filter(({ date }) => yearIn(date) === year);
  const read = days.filter(({ date }) => yearIn(date) === year);
  const kept = own ? [] : before.filter(({ date }) => !read.some((one) => one.date === date));
  const table = [...kept, ...read].sort((a, b) => (a.date < b.date ? -1 : 1));
  return {
    year,
    days: table.map((one) => ({
      ...one,
      weekday: `星期${'日一二三四五六'[dayOfWeek(one.date)]}`,
      inForce: before.some((other) => same(one, other)),
    })),
    removed: before.filter(({ date }) => !table.some((one) => one.date === date)).map((one) => ({ ...one })),
  };
}
