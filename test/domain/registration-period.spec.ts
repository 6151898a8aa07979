import { lateBlockers, registrationEndsOn } from '../../src/domain/terms/registration-period.js';

describe('the registration of an intake (R-06)', () => {
  it.each([
    ['2026-02-20', '2026-04-20'],
    ['2026-04-20', '2026-04-20'],
    ['2026-04-21', '2026-11-20'],
    ['2026-09-01', '2026-11-20'],
    ['2026-11-20', '2026-11-20'],
    ['2026-11-21', '2027-04-20'],
    ['2025-09-01', '2025-11-20'], // a Thursday
    ['2027-09-01', '2027-11-20'], // a Saturday, and not moved
  ])('of those who begin on %s ends on %s', (enrolledOn, end) => {
    expect(registrationEndsOn(enrolledOn)).toBe(end);
  });

  it('is open through its last day; afterwards a record is taken in the months that the province opens (A6)', () => {
    const codes = (today: string, lateWindow: number[]) =>
      lateBlockers('2026-09-01', today, { lateWindow }).map(({ code, pointer }) => `${code} ${pointer}`);
    expect(codes('2026-11-20', [])).toEqual([]);
    expect(codes('2026-11-21', [])).toEqual(['outside-late-window /enrolledOn']);
    expect([codes('2026-12-01', [12]), codes('2027-01-01', [12])]).toEqual([[], ['outside-late-window /enrolledOn']]);
  });
});
