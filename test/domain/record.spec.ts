import fc from 'fast-check';
import { factsStated, guardianDocumentFaults, lacking, RECORD_FIELDS, unpaired } from '../../src/domain/dossier/record.js';
import { namedAfter, photographFault } from '../../src/domain/dossier/photograph.js';
import { FIELD_NAMES } from '../../src/domain/messages/field-names.js';

describe('what a new record says besides identity and study', () => {
  const adult = { documentType: 'residentId', minor: false };

  it('is required as the province has it: all that is not there, and nothing that does not apply (Art 28, R-31)', () => {
    const required = ['nationality', 'guardianName', 'documentValidThrough', 'numberAtSchool'];
    expect(lacking(required, {}, adult)).toEqual(['nationality', 'numberAtSchool']);
    expect(lacking(required, {}, { ...adult, minor: true })).toEqual(['nationality', 'guardianName', 'numberAtSchool']);
    expect(lacking(required, { nationality: 'CN' }, { ...adult, documentType: 'passport' })).toEqual([
      'documentValidThrough',
      'numberAtSchool',
    ]);
    expect(lacking([], {}, adult)).toEqual([]);
  });

  it('names type and number of a document together, and a number that can be one', () => {
    const guardian = { guardianDocumentType: 'residentId', guardianDocumentNumber: '330106198001011234' };
    expect(unpaired({ guardianDocumentType: 'residentId', secondGuardianDocumentNumber: 'E12345678' })).toEqual([
      'guardianDocumentNumber',
      'secondGuardianDocumentType',
    ]);
    expect(unpaired(guardian)).toEqual([]);
    expect(guardianDocumentFaults(guardian, '2026-11-23')).toEqual([{ problem: 'document-check-digit', field: 'guardianDocumentNumber' }]);
  });

  it('is stated as it is compared, and only what belongs to the person', () => {
    expect(factsStated({ guardianName: ' 李建国 ', phone: '13800000000', numberAtSchool: '17', name: '李雷', origin: undefined })).toEqual({
      guardianName: '李建国',
      phone: '13800000000',
    });
  });

  it('has a Chinese name for each field', () => {
    expect(RECORD_FIELDS.filter((field) => !FIELD_NAMES[field])).toEqual([]);
  });
});

describe('a photograph of an archive', () => {
  const digits = fc.stringMatching(/^[0-9]{4,18}[0-9X]$/);
  const folder = fc.stringMatching(/^[a-z一-龥 .]{1,8}$/);

  it('is named after its student, whatever folders it lies in and whatever it ends in', () => {
    fc.assert(
      fc.property(
        digits,
        fc.array(folder, { maxLength: 3 }),
        fc.constantFrom('/', '\\'),
        fc.constantFrom('.jpg', '.JPEG', '.png'),
        (...given) => {
          const [name, folders, slash, ending] = given;
          expect(namedAfter([...folders, `${name}${ending}`].join(slash))).toBe(name);
        },
      ),
    );
  });

  it('is none where a system put it beside the files', () => {
    for (const name of ['__MACOSX/._1.jpg', '一班/.DS_Store', 'Thumbs.db', 'a/desktop.ini']) expect(namedAfter(name)).toBeUndefined();
  });

  it('is fit in the sizes of identity photographs, and not where it lies, is square or is small', () => {
    const sizes = [
      [295, 413],
      [358, 441],
      [413, 579],
      [240, 320],
      [413, 295],
      [400, 400],
      [239, 320],
      [100, 140],
    ] as const;
    const found = sizes.map(([width, height]) => photographFault({ width, height }));
    const [lies, small] = ['photograph-ratio', 'photograph-too-small'];
    expect(found).toEqual([undefined, undefined, undefined, undefined, lies, lies, small, small]);
  });
});
