import { endOfIntake, intakeBlockers, intakeCode, lateBlockers, registrationEndsOn } from '../../src/domain/terms/registration-period.js';

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

  it('is told by the day of reporting and the first day of study alike, and by both together (R-06, A6)', () => {
    expect(['2026-04-20', '2026-04-21', '2026-11-20', '2026-11-21'].map(intakeCode)).toEqual([
      '2026-spring',
      '2026-autumn',
      '2026-autumn',
      '2027-spring',
    ]);
    const codes = (reportedOn: string, enrolledOn: string) =>
      intakeBlockers(reportedOn, enrolledOn).map(({ code, pointer }) => code + pointer);
    expect([codes('2026-08-25', '2026-09-01'), codes('2026-11-20', '2026-09-01')]).toEqual([[], []]);
    for (const enrolledOn of ['2035-03-01', '2026-04-20', '2027-03-01', '2025-09-01'])
      expect(codes('2026-09-01', enrolledOn)).toEqual(['intake-days-differ/enrolledOn']);
  });

  it('ends for each intake on the day that its code names', () => {
    for (const day of ['2026-02-20', '2026-09-01', '2026-12-01']) expect(endOfIntake(intakeCode(day))).toBe(registrationEndsOn(day));
    expect([lateBlockers(true), lateBlockers(false).map(({ code }) => code)]).toEqual([[], ['outside-late-window']]);
  });
});
