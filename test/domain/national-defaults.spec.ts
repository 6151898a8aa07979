import { readFileSync } from 'node:fs';
import { NATIONAL_DEFAULT, NATIONAL_DEFAULTS, type Policy } from '../../src/domain/policy/policy.js';
import { boundFaults } from '../../src/domain/packs/policy-bounds.js';
import { differences } from '../../src/domain/packs/policy-pack.js';

/** As it was released; written by hand when a version is, and never again. */
const released = (version: number) =>
  JSON.parse(readFileSync(`${process.cwd()}/test/domain/national-defaults/${version}.json`, 'utf8')) as Policy;

describe('the national defaults (R-32)', () => {
  it.each(NATIONAL_DEFAULTS.map(({ policy }) => [policy.version, policy] as const))(
    'version %i says what it said when it was released; only keys that did not exist then may be added',
    (version, policy) => {
      expect(differences(released(version), policy).filter(({ inForce }) => inForce !== null)).toEqual([]);
    },
  );

  it('follow one another by version and day, within their own bounds', () => {
    expect(NATIONAL_DEFAULTS.map(({ policy }) => policy.version)).toEqual(NATIONAL_DEFAULTS.map((_, i) => i + 1));
    const days = NATIONAL_DEFAULTS.map(({ effectiveFrom }) => effectiveFrom);
    expect(days).toEqual([...new Set(days)].sort());
    expect(NATIONAL_DEFAULTS.flatMap(({ policy }) => boundFaults(policy))).toEqual([]);
    expect(NATIONAL_DEFAULT).toBe(NATIONAL_DEFAULTS.at(-1)?.policy);
  });
});
