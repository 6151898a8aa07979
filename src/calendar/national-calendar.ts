/** The nation's calendar and its stream in the ledger; the same in every installation (migration 7). */
export const NATIONAL_CALENDAR = '0f4d2c1e-7a35-5b60-8c1d-3e9a5b7f2d10';
