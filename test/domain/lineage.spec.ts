import fc from 'fast-check';
import { inheritedSettings, settingsIn, settledBy } from '../../src/domain/packs/lineage.js';
import { inherited, type PackContent, type PolicyContent } from '../../src/domain/packs/policy-pack.js';
import { OPTIONAL_RULES, NATIONAL_DEFAULT } from '../../src/domain/policy/policy.js';
import { alwaysAsked, OPTIONAL } from '../../src/domain/preconditions/index.js';
import { settingsBehind } from '../../src/domain/preconditions/settings.js';
import { KINDS } from '../../src/domain/procedure/procedure.js';

const { id: _id, version: _version, ...nation } = NATIONAL_DEFAULT;
const at = (value: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce((found, key) => (found as Record<string, unknown> | undefined)?.[key], value);

/** Packs that say some of a few settings. */
const packs = fc.record(
  {
    remindBefore: fc.constantFrom([2], [5, 1], []),
    supplementWorkingDays: fc.integer({ min: 1, max: 9 }),
    limits: fc.record({ suspensions: fc.integer({ min: 1, max: 5 }), repeatYears: fc.integer({ min: 1, max: 2 }) }, { requiredKeys: [] }),
    kinds: fc.record(
      {
        death: fc.record(
          { leastEvidence: fc.integer({ min: 1, max: 4 }), workingDays: fc.constantFrom({ school: 3 }, {}) },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<PackContent>;

describe('the line of a policy', () => {
  it('says of each setting who settled it: what stands there in the whole is what that version says', () => {
    fc.assert(
      fc.property(packs, packs, packs, (newest, middle, oldest) => {
        const above = [newest, middle, oldest].map((content, n) => ({ n, content }));
        const [first, ...others] = [...above, { n: 3, content: nation as PackContent }] as const;
        const line = [first as (typeof above)[0], ...others] as const;
        const whole = [oldest, middle, newest].reduce<PolicyContent>((base, part) => inherited<PolicyContent>(base, part), nation);
        for (const { pointer, value } of settingsIn(whole)) expect(at(settledBy(line, pointer).content, pointer)).toEqual(value);
        for (const { pointer, value, from } of inheritedSettings(line)) {
          expect([at(whole, pointer), at(newest, pointer)]).toEqual([value, undefined]);
          expect(settledBy(line, pointer)).toBe(from);
        }
      }),
    );
  });

  it('ends with the nation, which settles what nobody says', () => {
    const [pack, national] = [{ content: {} }, { content: nation as PackContent }];
    expect(settledBy([pack, national], '/kinds/suspension/workingDays/school')).toBe(national);
    expect(settledBy([{ content: { remindBefore: [2] } }, national], '/remindBefore/0')).not.toBe(national);
  });
});

describe('the settings behind a reason', () => {
  it('stand in the national default, and every rule that a policy switches on has some', () => {
    for (const kind of KINDS) {
      const codes = [...alwaysAsked(kind).map(({ code }) => code), ...OPTIONAL_RULES.map((rule) => OPTIONAL[rule].code)];
      for (const pointer of codes.flatMap((code) => settingsBehind(code, kind)))
        expect([pointer, at(nation, pointer)]).toEqual([pointer, expect.anything()]);
    }
    for (const rule of OPTIONAL_RULES)
      for (const kind of OPTIONAL[rule].kinds) expect(settingsBehind(OPTIONAL[rule].code, kind)[0]).toBe(`/kinds/${kind}/rules`);
  });

  it('are none where no policy could have it otherwise', () => {
    expect(settingsBehind('change-already-open', 'suspension')).toEqual([]);
    expect(settingsBehind('suspension-too-long', 'suspension')).toEqual(['/limits/suspensionMonths']);
  });
});
