import { NATIONAL_DEFAULT } from '../../src/domain/policy/policy.js';
import { PACK_SCHEMA, shapeFaults } from '../../src/policies/policy-schema.js';

const DOCUMENT = { number: '示〔2026〕1号', issuingBody: '示范省教育厅', date: '2026-09-01', filingNumber: '备〔2026〕1号' };
const found = (pack: unknown) => shapeFaults(pack).map(({ code, pointer }) => `${code} ${pointer}`);

describe('the schema of a policy pack', () => {
  it('admits the national default written out in full, and a pack that says nothing', () => {
    const { id: _id, version: _version, ...content } = NATIONAL_DEFAULT;
    expect(shapeFaults({ document: DOCUMENT, content })).toEqual([]);
    expect(shapeFaults({ document: DOCUMENT, content: {} })).toEqual([]);
  });

  it('asks for the document with its number, issuing body, date and filing number (A17)', () => {
    expect(found({ content: {} })).toEqual(['document-missing /document']);
    expect(found({ document: { number: DOCUMENT.number, issuingBody: DOCUMENT.issuingBody }, content: {} })).toEqual([
      'document-missing /document/date',
      'document-missing /document/filingNumber',
    ]);
  });

  it('leaves no way to move who files: the regulation fixes it (Art 14–16)', () => {
    expect(found({ document: DOCUMENT, content: { kinds: { transfer: { filedBy: 'destinationSchool' } } } })).toEqual([
      'initiator-fixed /content/kinds/transfer/filedBy',
    ]);
  });

  it('names every wrong field by its pointer', () => {
    const content = { kinds: { transfer: { order: ['sourceSchool', 'mayor'], workingDays: { sourceSchool: 'ten' } } }, mood: 'good' };
    expect(found({ document: DOCUMENT, content }).sort()).toEqual([
      'unknown-key /content/mood',
      'unknown-party /content/kinds/transfer/order/1',
      'wrong-shape /content/kinds/transfer/workingDays/sourceSchool',
    ]);
  });

  it('says beside every key what its national bound is, and where it stands', () => {
    const { content } = (PACK_SCHEMA as unknown as { properties: Record<string, { properties: Record<string, { description?: string }> }> })
      .properties;
    const { kinds: _kinds, limits: _limits, ...keys } = content!.properties;
    expect(Object.entries(keys).filter(([, { description }]) => !/\((Art|A)\s?\d.*\)$/.test(description ?? ''))).toEqual([]);
    expect(Object.keys(keys).length).toBeGreaterThan(6);
  });
});
