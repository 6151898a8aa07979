/**
 * The age in days, from–to, of a deadline (`due`) at an instant (`now`), in SQL. The last range has no end. The first day begins when the
 * deadline has passed.
 */
export const AGE_AT = (due: string, now: string): string =>
  `case when ${now} < ${due} + interval '5 days' then '1-5' when ${now} < ${due} + interval '10 days' then '6-10'
    when ${now} < ${due} + interval '20 days' then '11-20' when ${now} < ${due} + interval '60 days' then '21-60' else '61-' end`;
