import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Alert, Button, Spin, theme } from 'antd';
import { api, told, type Schemas } from '../ground/api';
import { today, useDay } from '../ground/days';
import { useWords } from '../ground/language';
import { OrganisationPicker } from '../ground/organisation-picker';
import { Page } from '../ground/page';
import { ProblemShown } from '../ground/problem';
import { calendarWords } from '../words/calendar';
import '../ground/list.css';
import './calendar.css';

const route = getRouteApi('/shell/calendar');
type Year = Schemas['CalendarYearView'];

/** The working days of a year on one page. */
export function Calendar() {
  const t = useWords(calendarWords);
  const { year = Number(today().slice(0, 4)), provinceId } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery({
    queryKey: ['calendar', year, provinceId],
    queryFn: ({ signal }) =>
      told(
        api.GET('/api/v1/calendar/{year}', {
          params: { path: { year: String(year) }, query: provinceId ? { provinceId } : {} },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
  const show = (next: number) => void navigate({ search: (before) => ({ ...before, year: next }), replace: true });
  return (
    <Page title={t.title}>
      <div className="filters">
        <Button icon={<LeftOutlined />} aria-label={t.before} onClick={() => show(year - 1)} />
        <h2 className="figures" style={{ fontSize: 15, margin: 0 }} aria-live="polite">
          {year}
        </h2>
        <Button icon={<RightOutlined />} aria-label={t.after} onClick={() => show(year + 1)} />
        <OrganisationPicker
          level="province"
          label={t.province}
          placeholder={t.nation}
          value={provinceId}
          onChange={(id) => void navigate({ search: (before) => ({ ...before, provinceId: id }), replace: true })}
        />
      </div>
      {error ? <ProblemShown error={error} onRetry={() => void refetch()} /> : data ? <Whole year={data} /> : <Spin />}
    </Page>
  );
}

function Whole({ year }: { year: Year }) {
  const t = useWords(calendarWords);
  const day = useDay();
  return (
    <>
      {year.status === 'provisional' ? (
        <Alert type="warning" showIcon title={t.provisional} />
      ) : (
        <p>
          {year.notice && t.published(year.notice)}　{t.version(year.version)}　{year.validThrough && t.through(day(year.validThrough))}　
          {year.noticeUrl && /^https?:\/\//.test(year.noticeUrl) && (
            <a href={year.noticeUrl} target="_blank" rel="noreferrer">
              {t.notice}
            </a>
          )}
        </p>
      )}
      <div className="year">
        {Array.from({ length: 12 }, (_, nth) => (
          <Month key={nth} year={year} month={nth + 1} />
        ))}
      </div>
    </>
  );
}

const two = (figure: number): string => String(figure).padStart(2, '0');
const MONDAY_FIRST = 6;
const WEEK = 7;

function Month({ year, month }: { year: Year; month: number }) {
  const t = useWords(calendarWords);
  const { token } = theme.useToken();
  const offset = (new Date(Date.UTC(year.year, month - 1, 1)).getUTCDay() + MONDAY_FIRST) % WEEK;
  const length = new Date(Date.UTC(year.year, month, 0)).getUTCDate();
  const now = today();
  const told = [...year.days, ...(year.overlay?.days ?? [])];
  return (
    <section aria-label={t.month(month)}>
      <h3>{t.month(month)}</h3>
      <ol>
        {[...t.weekdays].map((name, nth) => (
          <li key={`${name}${nth}`} aria-hidden style={{ color: token.colorTextSecondary }}>
            {name}
          </li>
        ))}
        {Array.from({ length }, (_, nth) => {
          const date = `${year.year}-${two(month)}-${two(nth + 1)}`;
          const special = told.findLast((one) => one.date === date);
          const statutory = year.statutory.find((one) => one.date === date);
          const isWeekend = (offset + nth) % WEEK >= WEEK - 2;
          const isOff = special ? special.kind === 'holiday' : isWeekend || statutory !== undefined;
          const word = special ? t[special.kind] : statutory ? t.statutory : isWeekend ? t.weekend : t.workday;
          const festival = statutory?.name ?? special?.name;
          return (
            <li
              key={date}
              title={[word, festival].filter(Boolean).join(' ')}
              aria-current={date === now ? 'date' : undefined}
              style={{
                gridColumnStart: nth === 0 ? offset + 1 : undefined,
                background: special?.kind === 'makeupWorkday' ? token.colorPrimaryBg : isOff ? token.colorFillTertiary : undefined,
                borderColor: date === now ? token.colorPrimary : 'transparent',
                fontWeight: (special ?? statutory) ? 600 : undefined,
              }}
            >
              <span className="figures">{nth + 1}</span>
              {(special ?? statutory) && (
                <small style={{ color: isOff ? token.colorErrorText : token.colorText }}>
                  {special?.kind === 'makeupWorkday' ? t.makeupShort : t.offShort}
                  <span className="only-heard"> {[word, festival].filter(Boolean).join(' ')}</span>
                </small>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
