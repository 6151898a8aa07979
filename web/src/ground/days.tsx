import { ClockCircleOutlined, ExclamationCircleFilled, WarningFilled } from '@ant-design/icons';
import { Tag, theme, Tooltip } from 'antd';
import { daysWords } from '../words/days';
import { useLanguage, useWords, type Language } from './language';

/** Officials work by Beijing's clock, wherever the screen stands. */
const ZONE = 'Asia/Shanghai';

/** 2026年12月1日, or 1 Dec 2026. @param day as `2026-12-01` */
export function dayText(day: string, language: Language): string {
  const [year = '', month = '', date = ''] = day.slice(0, 10).split('-');
  if (language === 'zh') return `${year}年${Number(month)}月${Number(date)}日`;
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${year}-${month}-${date}T00:00:00Z`));
}

/** 2026年12月1日 09:30. */
export function timeText(instant: string, language: Language): string {
  const at = new Date(instant);
  const day = new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', timeZone: ZONE }).format(at);
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: ZONE }).format(at);
  return `${dayText(day, language)} ${time}`;
}

/** Today in Beijing. */
export const today = (): string => new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', timeZone: ZONE }).format(new Date());

export const useDay = (): ((day: string) => string) => {
  const language = useLanguage();
  return (day) => dayText(day, language);
};

export const useTime = (): ((instant: string) => string) => {
  const language = useLanguage();
  return (instant) => timeText(instant, language);
};

/** The day by which something is due, with what that means now in words, colour and sign. */
export function DueDay({
  dueDate,
  overdue,
  provisional,
  workingDaysLeft,
}: {
  dueDate: string;
  overdue: boolean;
  provisional?: boolean;
  /** Where the API says it. */
  workingDaysLeft?: number | null | undefined;
}) {
  const t = useWords(daysWords);
  const language = useLanguage();
  const { token } = theme.useToken();
  const isToday = !overdue && dueDate === today();
  return (
    <span className="figures due-day">
      <span>{dayText(dueDate, language)}</span>{' '}
      {overdue ? (
        <span style={{ color: token.colorErrorText }}>
          <ExclamationCircleFilled aria-hidden /> {t.overdue}
        </span>
      ) : isToday ? (
        <span style={{ color: token.colorWarningText }}>
          <WarningFilled aria-hidden /> {t.dueToday}
        </span>
      ) : workingDaysLeft != null ? (
        <span style={{ color: token.colorTextSecondary }}>
          <ClockCircleOutlined aria-hidden /> {t.left(workingDaysLeft)}
        </span>
      ) : null}{' '}
      {provisional && (
        <Tooltip title={t.provisionalWhy}>
          <Tag>{t.provisional}</Tag>
        </Tooltip>
      )}
    </span>
  );
}
