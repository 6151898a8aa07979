/** The nation's calendar and its stream in the ledger; the same in every installation (migration 7). */
export const NATIONAL_CALENDAR = '0f4d2c1e-7a35-5b60-8c1d-3e9a5b7f2d10';

/** The calendar `c` that counts at an organisation `o`: that of its province, or else the nation's (A8). As joins. */
export const CALENDAR_AT = `left join calendar own on own.organisation_id = o.province_id and own.version > 0
  join calendar c on c.id = coalesce(own.id, '${NATIONAL_CALENDAR}')`;
