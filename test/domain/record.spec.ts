import { factsStated, guardianDocumentFaults, lacking, RECORD_FIELDS, unpaired } from '../../src/domain/dossier/record.js';
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
