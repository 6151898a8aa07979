/** SQL of the next number of a sequence with the year of an instant in Shanghai, with more than seven digits above ten million. */
export const nextNumberSql = (sequence: 'change_request_number' | 'supervision_order_number', at: string): string =>
  FORMS[sequence](`to_char(${at} at time zone 'Asia/Shanghai', 'YYYY')`, `to_char(nextval('${sequence}'), 'FM9999999990000000')`);

/** A request is `2026-0000001`. An order has the form of an official document, so that nobody takes one for the other. */
const FORMS = {
  change_request_number: (year: string, number: string) => `${year} || '-' || ${number}`,
  supervision_order_number: (year: string, number: string) => `'责〔' || ${year} || '〕' || ${number} || '号'`,
};
