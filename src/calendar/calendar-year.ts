import { isoInShanghai } from '../platform/clock.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { CalendarVersionView, CalendarYearView, OverlayView } from './calendar.dto.js';
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

/** A year's calendar in force with its older versions, or undefined while none is approved. */
export async function yearOf(tx: Transaction, year: number, provinceId: string | undefined): Promise<CalendarYearView | undefined> {
  const rows = await tx.query<VersionRow[]>(APPROVED, [year, provinceId ?? null]);
  const [national, ...older] = rows.filter((row) => row.provinceId === null);
  const own = rows.find((row) => row.provinceId !== null);
  if (!national) return undefined;
  const overlay: OverlayView | undefined = own && { ...versionView(own), days: own.days };
  return {
    year,
    status: 'published',
    ...versionView(national),
    days: national.days,
    older: older.map(versionView),
    ...(overlay ? { overlay } : {}),
  };
}
