import fc from 'fast-check';
import {
  DOCUMENT_TYPES,
  documentKey,
  documentProblem,
  type DocumentType,
  checkCharacter,
  maskBirthDate,
  maskDocument,
  maskStudentNumber,
  maskName,
  normaliseName,
  parseResidentId,
} from '../../src/domain/dossier/id-document.js';
import { addDays } from '../../src/domain/working-days.js';

const today = '2026-11-23';
const numbered = (body: string) => body + checkCharacter(body);
const birthDate = fc.integer({ min: 0, max: 46_000 }).map((n) => addDays('1900-01-01', n));
const counties = fc.integer({ min: 0, max: 9999 }).map((n) => `33${String(n).padStart(4, '0')}`);
const residentNumber = fc
  .tuple(counties, birthDate, fc.integer({ min: 0, max: 999 }))
  .map(([county, born, order]) => numbered(county + born.replaceAll('-', '') + String(order).padStart(3, '0')));

describe('the resident identity number (GB 11643)', () => {
  it('is read with birth date, sex and division (the example of the standard)', () => {
    expect(parseResidentId('11010519491231002X', today)).toEqual({
      number: '11010519491231002X',
      birthDate: '1949-12-31',
      sex: 'female',
      divisionCode: '110105',
    });
    expect(parseResidentId('440524188001010014', today)).toBeUndefined(); // the standard's other example: born in 1880
  });

  it('is written with a capital X', () => {
    expect(parseResidentId(' 11010519491231002x ', today)?.number).toBe('11010519491231002X');
  });

  it.each([
    ['110105194912310021', 'document-check-digit'],
    ['１１０１０５１９４９１２３１００２Ｘ', 'document-format'],
    ['110105491231002', 'document-format'],
    ['11010519491231002Y', 'document-format'],
    ['11010519491231 02X', 'document-format'],
    ['', 'document-format'],
    [numbered('11010520070229001'), 'document-birth-date-invalid'],
    [numbered('11010520070230001'), 'document-birth-date-invalid'],
    [numbered('11010520261124001'), 'document-birth-date-invalid'],
    [numbered('11010518991231001'), 'document-birth-date-invalid'],
    [numbered('99010520080101001'), 'document-province-unknown'],
    [numbered('00010520080101001'), 'document-province-unknown'],
  ])('refuses %s with %s', (number, code) => {
    expect(parseResidentId(number, today)).toBeUndefined();
    expect(documentProblem('residentId', number, { today })).toBe(code);
  });

  it('may have been given on this very day', () => {
    expect(parseResidentId(numbered('11010520261123001'), today)?.birthDate).toBe(today);
  });

  it('is not refused because its county is in no list of today', () => {
    fc.assert(fc.property(residentNumber, (number) => parseResidentId(number, today)?.number === number));
  });

  it('tells every wrong digit and every swap of neighbours', () => {
    fc.assert(
      fc.property(residentNumber, fc.nat(16), fc.integer({ min: 1, max: 9 }), (number, at, by) => {
        const wrong = (Number(number[at]) + by) % 10;
        expect(parseResidentId(number.slice(0, at) + wrong + number.slice(at + 1), today)).toBeUndefined();
        if (at === 16 || number[at] === number[at + 1]) return;
        expect(parseResidentId(number.slice(0, at) + number[at + 1] + number[at] + number.slice(at + 2), today)).toBeUndefined();
      }),
    );
  });

  it('agrees with the weights printed in the standard', () => {
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{17}$/), (body) => {
        const sum = weights.reduce((total, weight, i) => total + weight * Number(body[i]), 0);
        expect(checkCharacter(body)).toBe('10X98765432'[sum % 11]);
      }),
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...(Object.keys(DOCUMENT_TYPES) as DocumentType[])), (text, type) => {
        documentProblem(type, text, { today });
        parseResidentId(text, today);
      }),
    );
  });
});

describe('a document', () => {
  const holder = { birthDate: '2008-03-01', sex: 'male', today } as const;
  const resident = numbered('33010620080301001');

  it('agrees with the birth date and the sex of its holder', () => {
    expect(documentProblem('residentId', resident, holder)).toBeUndefined();
    expect(documentProblem('residentId', resident, { ...holder, birthDate: '2008-03-02' })).toBe('document-birth-date-differs');
    expect(documentProblem('residentId', resident, { ...holder, sex: 'female' })).toBe('document-sex-differs');
    expect(documentProblem('residentId', resident, { today })).toBeUndefined();
  });

  it.each(['81', '82', '83'])(
    'with prefix %s is a residence permit of Hong Kong, Macao or Taiwan residents and no resident card',
    (prefix) => {
      const permit = numbered(`${prefix}000020080301001`);
      expect(documentProblem('hkMacaoTaiwanResidence', permit, holder)).toBeUndefined();
      expect(documentProblem('residentId', permit, holder)).toBe('document-type-differs');
      expect(documentProblem('hkMacaoTaiwanResidence', resident, holder)).toBe('document-type-differs');
      expect(documentProblem('hkMacaoTaiwanResidence', permit, { ...holder, sex: 'female' })).toBe('document-sex-differs');
    },
  );

  it.each<[DocumentType, string]>([
    ['hkMacaoPermit', 'H12345678'],
    ['hkMacaoPermit', 'm1234567801'],
    ['taiwanPermit', '12345678'],
    ['taiwanPermit', '1234567801'],
    ['passport', 'E12345678'],
    ['passport', '123456789'],
    ['permanentResidence', 'CAN110101010101'],
    ['permanentResidence', numbered('91184020080301001')],
    ['other', '沪A-2024(12) 号7'],
    ['other', '7'],
  ])('of type %s may have the number %s', (type, number) => {
    expect(documentProblem(type, number, holder)).toBeUndefined();
  });

  it.each<[DocumentType, string, string]>([
    ['hkMacaoPermit', 'A12345678', 'document-format'],
    ['hkMacaoPermit', 'H1234567', 'document-format'],
    ['taiwanPermit', 'T12345678', 'document-format'],
    ['passport', 'PASSPORT', 'document-format'],
    ['passport', 'E1234-5678', 'document-format'],
    ['passport', 'E123', 'document-format'],
    ['permanentResidence', resident, 'document-format'],
    ['permanentResidence', '911840200803010019', 'document-check-digit'],
    ['permanentResidence', numbered('91184020080302001'), 'document-birth-date-differs'],
    ['other', '', 'document-format'],
    ['other', '<b>', 'document-format'],
    ['other', resident, 'document-type-differs'],
    ['other', resident.toLowerCase(), 'document-type-differs'],
  ])('of type %s may not have the number %s', (type, number, code) => {
    expect(documentProblem(type, number, holder)).toBe(code);
  });

  it.each<[DocumentType, string, string, boolean]>([
    ['hkMacaoPermit', 'H1234567801', 'h12345678', true],
    ['hkMacaoPermit', 'H1234567801', ' H1234567802 ', true],
    ['hkMacaoPermit', 'H1234567801', 'M1234567801', false],
    ['taiwanPermit', '1234567801', '12345678', true],
    ['taiwanPermit', '1234567801', '1234567901', false],
    ['passport', 'E12345678', 'E1234567801', false],
    ['residentId', resident, resident.toLowerCase(), true],
  ])('of type %s the numbers %s and %s name one person: %#', (type, one, other, same) => {
    expect(documentKey({ type, number: one }) === documentKey({ type, number: other })).toBe(same);
    expect(documentKey({ type, number: one })).not.toBe(documentKey({ type: 'other', number: one }));
  });
});

describe('a name', () => {
  it('has one kind of middle dot', () => {
    const variants = '\u00b7\u2022\u30fb\uff0e\u2027\u22c5\u2219\uff65\u0387.'
      .split('')
      .map((dot) => normaliseName(`阿依古丽${dot}买买提`));
    expect(new Set(variants)).toEqual(new Set(['阿依古丽·买买提']));
    expect(normaliseName('阿依古丽 · 买买提')).toBe('阿依古丽·买买提');
    expect(normaliseName('John P. Smith')).toBe('John P. Smith');
  });

  it('keeps rare Han of every plane', () => {
    for (const name of ['𠮷田', '王㛃', '李𬭎', '﨎子', '张𰻝', '葛\u{e0100}']) expect(normaliseName(name)).toBe(name);
  });

  it('is composed and without stray spaces and invisible characters', () => {
    expect(normaliseName('  Jose\u0301 \u3000 Luis\ufeff ')).toBe('José Luis');
  });

  it('is not changed by being normalised again', () => {
    const piece = fc.constantFrom('王', '𠮷', '·', '•', '.', ' ', '\u3000', 'e', '\u0301', '\u200b', 'B', '・');
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (text) => normaliseName(normaliseName(text)) === normaliseName(text),
      ),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => normaliseName(normaliseName(text)) === normaliseName(text)));
  });

  it.each([
    ['欧阳娜娜', '欧***'],
    ['王芳', '王*'],
    ['𠮷田', '𠮷*'],
    ['葛\u{e0100}亮', '葛\u{e0100}*'],
    ['王', '*'],
    ['', ''],
  ])('%s is shown masked as %s', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });
});

describe('a masked document number', () => {
  it('shows the last two characters at most, and at most a quarter of a short one', () => {
    expect(maskDocument('11010519491231002X')).toBe('****************2X');
    expect(maskDocument('E12345678')).toBe('*******78');
    expect(maskDocument('1234')).toBe('***4');
    expect(maskDocument('123')).toBe('***');
    expect(maskStudentNumber('G11010519491231002X')).toBe('G****************2X');
    expect(maskStudentNumber('J330110202610000015')).toBe('J330110202610000015');
    expect(maskBirthDate('1949-12-31')).toBe('1949-**-**');
  });

  it('cannot be had from what an answer says beside it: sex, year of birth, the school’s division, the check character', () => {
    const shown = { division: '330110', year: 2010, tail: maskDocument('33011020100101123X').slice(-2) };
    let candidates = 0;
    for (let day = 0; day < 365; day += 1)
      for (let order = 0; order < 1000; order += 1) {
        const birthDate = new Date(Date.UTC(shown.year, 0, 1 + day)).toISOString().slice(0, 10).replaceAll('-', '');
        const body = `${shown.division}${birthDate}${String(order).padStart(3, '0')}`;
        if (body.slice(-1) + checkCharacter(body) === shown.tail) candidates += 1;
      }
    expect(candidates).toBeGreaterThan(3000);
  });

  it('is as long as the number and hides at least eight or three quarters of it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]{0,30}$/), (number) => {
        const hidden = maskDocument(number).replace(/[^*]/g, '').length;
        expect(maskDocument(number)).toHaveLength(number.length);
        expect(hidden).toBeGreaterThanOrEqual(Math.min(8, Math.ceil(number.length * 0.75)));
      }),
    );
  });
});
