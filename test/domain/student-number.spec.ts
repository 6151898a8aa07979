import fc from 'fast-check';
import { checkCharacter } from '../../src/domain/dossier/id-document.js';
import * as numbers from '../../src/domain/dossier/student-number.js';
import { addDays } from '../../src/domain/working-days.js';

const { formalNumberFor, kindOfStudentNumber, parseStudentNumber, provisionalNumberFor, SEQUENCE_SCHEME } = numbers;

const numbered = (body: string) => body + checkCharacter(body);
const digits = (n: number, width: number) => String(n).padStart(width, '0');
const issue = fc.record({
  divisionCode: fc.integer({ min: 110_000, max: 659_999 }).map(String),
  year: fc.integer({ min: 1990, max: 2100 }),
  sequence: fc.integer({ min: 1, max: 9_999_999 }),
});
const residentNumber = fc
  .tuple(fc.nat(9999), fc.nat(46_000), fc.nat(999))
  .map(([county, born, order]) => numbered(`44${digits(county, 4)}${addDays('1900-01-01', born).replaceAll('-', '')}${digits(order, 3)}`));
const anIssue = { divisionCode: '330106', year: 2026, sequence: 42 };

describe('the student number (R-03)', () => {
  it('is G and the resident identity number', () => {
    const number = formalNumberFor({ type: 'residentId', number: '11010519491231002x' }, anIssue);
    expect(number).toBe('G11010519491231002X');
    expect(kindOfStudentNumber(number)).toBe('residentId');
  });

  it.each(['passport', 'hkMacaoPermit', 'taiwanPermit', 'hkMacaoTaiwanResidence', 'permanentResidence', 'other'] as const)(
    'is J and a code of division, year, sequence and check character for a holder of a document of type %s (R-31)',
    (type) => {
      const number = formalNumberFor({ type, number: 'E12345678' }, anIssue);
      expect(number).toBe(`J${numbered('33010620260000042')}`);
      expect(number).toHaveLength(19);
      expect(kindOfStudentNumber(number)).toBe('code');
    },
  );

  it('is provisional with L', () => {
    const number = provisionalNumberFor(anIssue);
    expect(number).toBe(`L${numbered('33010620260000042')}`);
    expect(kindOfStudentNumber(number)).toBe('provisional');
  });

  it('is read back as it was given, also in lower case and with spaces around it', () => {
    fc.assert(
      fc.property(residentNumber, issue, (document, of) => {
        const given = [
          formalNumberFor({ type: 'residentId', number: document }, of),
          formalNumberFor({ type: 'passport', number: 'E12345678' }, of),
          provisionalNumberFor(of),
        ];
        for (const number of given) {
          expect(number).toHaveLength(19);
          expect(parseStudentNumber(number)).toBe(number);
          expect(parseStudentNumber(` ${number.toLowerCase()} `)).toBe(number);
        }
      }),
    );
  });

  it('differs for two issues that differ', () => {
    fc.assert(
      fc.property(issue, issue, (a, b) => {
        fc.pre(a.divisionCode !== b.divisionCode || a.year !== b.year || a.sequence !== b.sequence);
        expect(provisionalNumberFor(a)).not.toBe(provisionalNumberFor(b));
      }),
    );
  });

  it('with a wrong digit is refused', () => {
    fc.assert(
      fc.property(issue, fc.integer({ min: 1, max: 17 }), fc.integer({ min: 1, max: 9 }), (of, at, by) => {
        const number = provisionalNumberFor(of);
        expect(parseStudentNumber(number.slice(0, at) + ((Number(number[at]) + by) % 10) + number.slice(at + 1))).toBeUndefined();
      }),
    );
  });

  it('is refused in any other form', () => {
    const wrong = [
      '',
      'G',
      'X11010519491231002X',
      '11010519491231002X',
      'G110105194912310021',
      'G11010519491231002X1',
      'Ｇ11010519491231002X',
      'J33010620260000042',
    ];
    expect(wrong.filter((text) => parseStudentNumber(text) !== undefined)).toEqual([]);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseStudentNumber(text) === undefined || text.trim().length === 19));
  });

  it('is not made from a document or an issue that does not fit, and the refusal does not repeat the document', () => {
    expect(() => formalNumberFor({ type: 'residentId', number: '110105194912310021' }, anIssue)).toThrow(
      /^not the number of a residentId$/,
    );
    for (const wrong of [{ divisionCode: '3301' }, { year: 26 }, { sequence: 0 }, { sequence: 10_000_000 }, { sequence: 1.5 }])
      expect(() => provisionalNumberFor({ ...anIssue, ...wrong })).toThrow(RangeError);
  });

  it('can follow the scheme of another province', () => {
    const scheme = {
      ...SEQUENCE_SCHEME,
      numberedByDocument: ['residentId', 'hkMacaoTaiwanResidence'] as const,
      code: () => '33ABCDEFGHJKLMNPQR',
      isCode: (text: string) => text.startsWith('33A'),
    };
    const permit = numbered('81000020080301001');
    expect(formalNumberFor({ type: 'hkMacaoTaiwanResidence', number: permit }, anIssue, scheme)).toBe(`G${permit}`);
    expect(parseStudentNumber(`G${permit}`)).toBe(`G${permit}`);
    expect(formalNumberFor({ type: 'passport', number: 'E1' }, anIssue, scheme)).toBe('J33ABCDEFGHJKLMNPQR');
    expect(parseStudentNumber('J33ABCDEFGHJKLMNPQR', scheme)).toBe('J33ABCDEFGHJKLMNPQR');
    expect(parseStudentNumber('J33ABCDEFGHJKLMNPQR')).toBeUndefined();
  });

  it('never changes: no function makes one number out of another', () => {
    expect(Object.keys(numbers).sort()).toEqual([
      'SEQUENCE_SCHEME',
      'formalNumberFor',
      'kindOfStudentNumber',
      'parseStudentNumber',
      'provisionalNumberFor',
    ]);
    fc.assert(
      fc.property(residentNumber, residentNumber, issue, (before, after, of) => {
        const number = formalNumberFor({ type: 'residentId', number: before }, of);
        formalNumberFor({ type: 'residentId', number: after }, of); // a new identity yields nothing that reaches the old number
        expect(parseStudentNumber(number)).toBe(number);
      }),
    );
  });
});
