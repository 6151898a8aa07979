/** SQL of the next number of a sequence after the year of an instant in Shanghai: `2026-0000001`, with more digits above ten million. */
export const nextNumberSql = (sequence: 'change_request_number' | 'supervision_order_number', at: string): string =>
  `to_char(${at} at time zone 'Asia/Shanghai', 'YYYY') || '-' || to_char(nextval('${sequence}'), 'FM9999999990000000')`;
