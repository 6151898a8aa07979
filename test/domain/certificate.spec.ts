import fc from 'fast-check';
import { certificateBlockers, CERTIFICATE_KINDS, CERTIFICATES, type Certified } from '../../src/domain/dossier/certificate.js';
import { isCertificateNumber, NATIONAL_NUMBERS, type CertificateToNumber } from '../../src/domain/dossier/certificate-number.js';
import { ENROLMENT_STATES } from '../../src/domain/dossier/dossier.js';
import { hanDay, hanYears } from '../../src/domain/han-numerals.js';
import { addDays, monthsLater } from '../../src/domain/working-days.js';

const ENTERED = '2023-09-01';
const day = fc.integer({ min: 0, max: 3000 }).map((days) => addDays(ENTERED, days));
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

const certified: fc.Arbitrary<Certified> = fc.record({
  kind: fc.constantFrom(...CERTIFICATE_KINDS),
  state: fc.constantFrom(...ENROLMENT_STATES),
  studentNumber: fc.constantFrom('G330106200803051224', 'J330106202300000011', 'L330106202300000011'),
  major: maybe(fc.constant('计算机应用')),
  enrolledOn: fc.constant(ENTERED),
  leftOn: fc.option(day, { nil: null }),
  discontinuedMonths: fc.integer({ min: 12, max: 24 }),
  photograph: fc.boolean(),
  head: maybe(fc.constant('欧阳文华')),
  issued: fc.boolean(),
  keptAtSchool: fc.boolean(),
  unprintable: fc.constantFrom([], ['U+20BB7']),
});

describe('what stands against a certificate (R-24)', () => {
  const codesOf = (of: Certified) => certificateBlockers(of).map(({ code }) => code);

  it('is each field that applies and is absent, all at once', () => {
    fc.assert(
      fc.property(certified, (of) => {
        const { of: state, once, whole, issuedBy } = CERTIFICATES[of.kind];
        const briefly = of.kind === 'partialStudy' && of.leftOn !== null && of.leftOn < monthsLater(ENTERED, of.discontinuedMonths);
        const expected = [
          of.state !== state && 'certificate-state-differs',
          once && of.issued && 'certificate-issued',
          of.studentNumber.startsWith('L') && 'student-number-provisional',
          of.major === undefined && 'certificate-major-missing',
          whole && !of.photograph && 'photograph-missing',
          whole && issuedBy === 'school' && of.head === undefined && 'school-head-missing',
          state !== 'active' && of.leftOn === null && 'leaving-day-missing',
          briefly && 'studied-too-briefly',
          of.keptAtSchool && 'certificate-not-handed-over',
          of.unprintable.length > 0 && 'character-not-in-font',
        ].filter((code) => code !== false);
        expect(codesOf(of)).toEqual(expected);
      }),
    );
  });
});

describe('the number of a certificate', () => {
  const toNumber: fc.Arbitrary<CertificateToNumber> = fc.record({
    kind: fc.constantFrom(...CERTIFICATE_KINDS),
    divisionCode: fc.integer({ min: 110_000, max: 659_999 }).map(String),
    year: fc.integer({ min: 1990, max: 2100 }),
  });
  const sequence = fc.integer({ min: 1, max: 9_999_999 });

  it('differs wherever kind, division, year or sequence differ, and is told from a slip of the pen', () => {
    fc.assert(
      fc.property(toNumber, sequence, toNumber, sequence, (a, n, b, m) => {
        const [one, other] = [NATIONAL_NUMBERS.number(a, n), NATIONAL_NUMBERS.number(b, m)];
        expect(isCertificateNumber(one)).toBe(true);
        expect(one === other).toBe(NATIONAL_NUMBERS.series(a) === NATIONAL_NUMBERS.series(b) && n === m);
        const slip = `${one.slice(0, 5)}${(Number(one[5]) + 1) % 10}${one.slice(6)}`;
        expect(isCertificateNumber(slip)).toBe(false);
      }),
    );
  });

  it.each([0, 10_000_000, 1.5])('is refused for a sequence of %s', (nth) => {
    expect(() => NATIONAL_NUMBERS.number({ kind: 'graduation', divisionCode: '330106', year: 2026 }, nth)).toThrow(RangeError);
  });
});

describe('days in Chinese numerals', () => {
  it.each([
    ['2029-06-30', '二〇二九年六月三十日'],
    ['2030-10-11', '二〇三〇年十月十一日'],
    ['2008-12-20', '二〇〇八年十二月二十日'],
    ['2026-11-05', '二〇二六年十一月五日'],
  ])('%s is %s', (date, words) => expect(hanDay(date)).toBe(words));

  it('tell years by halves', () => expect([3, 2, 2.5, 0.5, 10].map(hanYears)).toEqual(['三年', '两年', '两年半', '半年', '十年']));
});
