import { isoInShanghai } from '../platform/clock.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { CalendarVersionView, CalendarYearView, OverlayView, StatutoryDayView } from './calendar.dto.js';
import { dayOfWeek } from '../domain/working-days.js';
import { NATIONAL_CALENDAR } from './national-calendar.js';

interface VersionRow extends Omit<CalendarVersionView, 'approvedAt'> {
  provinceId: string | null;
  days: CalendarYearView['days'];
  approvedAt: Date | null;
}

const APPROVED = `
  select c.organisation_id as "provinceId", v.version, v.notice, v.notice_url as "noticeUrl", to_char(v.valid_through,
    'YYYY-MM-DD') as "validThrough",
    v.days, v.approved_at as "approvedAt"
  from calendar_version v join calendar c on c.id = v.calendar_id
  where v.year = $1 and v.state = 'approved' and (c.id = '${NATIONAL_CALENDAR}' or c.organisation_id = $2) order by v.version desc`;

const versionView = ({ version, notice, noticeUrl, validThrough, approvedAt }: VersionRow): CalendarVersionView => ({
  version,
  notice,
  noticeUrl,
  validThrough,
  approvedAt: approvedAt && isoInShanghai(approvedAt.getTime()),
});

const STATUTORY = `
  select to_char(s.date, 'YYYY-MM-DD') as date, s.name, s.date > c.published_through as provisional from statutory_day s
    join calendar c on c.id = '${NATIONAL_CALENDAR}'
  where extract(year from s.date) = $1 order by s.date`;

const UNANNOUNCED = { version: 0, notice: null, noticeUrl: null, validThrough: null, approvedAt: null };

/** The announced days, and the weekdays that the decree alone has off. */
function daysOff(announced: CalendarYearView['days'], statutory: readonly StatutoryDayView[]): CalendarYearView['days'] {
  const more = statutory.filter(({ date }) => dayOfWeek(date) % 6 > 0 && !announced.some((day) => day.date === date));
  const days = [...announced, ...more.map(({ date, name }) => ({ date, kind: 'holiday' as const, name }))];
  return days.sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** A year's calendar in force with its older versions, provisional while none is approved; undefined of a year beyond all dates. */
export async function yearOf(tx: Transaction, year: number, provinceId: string | undefined): Promise<CalendarYearView | undefined> {
  const [rows, statutory] = await Promise.all([
    tx.query<VersionRow[]>(APPROVED, [year, provinceId ?? null]),
    tx.query<StatutoryDayView[]>(STATUTORY, [year]),
  ]);
  if (statutory.length === 0) return undefined;
  const [national, ...older] = rows.filter((row) => row.provinceId === null);
  const own = rows.find((row) => row.provinceId !== null);
  const overlay: OverlayView | undefined = own && { ...versionView(own), days: own.days };
  return {
    year,
    status: national ? 'published' : 'provisional',
    ...(national ? versionView(national) : UNANNOUNCED),
    days: daysOff(national?.days ?? [], statutory),
    statutory,
    older: older.map(versionView),
    ...(overlay ? { overlay } : {}),
  };
}
