import { MESSAGES, remedyOf, statusOf, type MessageCode } from '../../src/domain/messages/messages.js';
import { holdWords } from '../../src/domain/hold-words.js';
import { FIELD_FAULTS } from '../../src/domain/messages/field-faults.js';
import { FIELD_NAMES } from '../../src/domain/messages/field-names.js';
import { NOTIFICATIONS } from '../../src/domain/messages/notifications.js';
import type { Words } from '../../src/domain/messages/words.js';
import { CAPACITIES, KINDS } from '../../src/domain/procedure/procedure.js';
import { NATIONAL_DEFAULT } from '../../src/domain/policy/policy.js';
import { PROCEDURES } from '../../src/domain/procedure/procedures.js';

const codes = Object.keys(MESSAGES) as MessageCode[];

const isZh = (text: string) => /^\p{Script=Han}[^]*。$/u.test(text);
const isEn = (text: string) => /^[A-Z][^]*\.$/.test(text);

describe('the catalogue of problems', () => {
  it('has codes in kebab-case, statuses of failure, and text for people in Chinese first, then English', () => {
    expect(codes.filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
    expect(codes.filter((code) => statusOf(code) < 400 || statusOf(code) > 599)).toEqual([]);
    expect(codes.filter((code) => !isZh(MESSAGES[code].zh) || !isEn(MESSAGES[code].en))).toEqual([]);
  });

  it.each([
    [401, ['unauthenticated', 'wrong-credentials']],
    [403, ['not-your-task', 'separation-of-duties', 'second-return-needs-supervisor']],
    [404, ['not-found']],
    [409, ['already-decided', 'stale-version', 'change-already-open', 'illegal-transition', 'request-closed']],
    [422, ['invalid-input', 'idempotency-key-reused', 'opinion-required']],
  ] as [number, MessageCode[]][])('answers %i where outside clients rely on it', (status, relied) => {
    expect(relied.map(statusOf)).toEqual(relied.map(() => status));
  });

  it.each([
    'unknown-school',
    'same-school',
    'school-closed',
    'wrong-track',
    'direction-not-allowed',
    'illegal-transition',
    'change-already-open',
    'evidence-missing',
    'no-second-reviewer',
    'effective-date-out-of-range',
    'under-one-term',
    'graduating-grade',
    'outside-transfer-window',
  ] as MessageCode[])('says what clears the blocker %s', (code) => {
    expect(remedyOf(code)).toEqual({ zh: expect.stringMatching(/\p{Script=Han}。$/u), en: expect.stringMatching(/^[A-Z].*\.$/) });
  });
});

describe('the words of a hold', () => {
  it.each([
    ['effectParked', 'student-not-at-source-school', 'filer'],
    ['effectParked', 'internal-error', 'operator'],
    ['effectParked', 'illegal-transition', 'filer'],
    ['stepParked', 'no-living-holder', 'operator'],
    ['paused', 'courtOrder', 'operator'],
    ['paused', 'death', 'authority'],
    ['awaitingSupplement', 'sourceSchool', 'filer'],
    ['awaitingEffect', 'not-yet-in-force', undefined],
  ])('of %s (%s) say why, that it is for %s, and what can be done', (kind, cause, owner) => {
    const told = holdWords({ kind, cause });
    expect([told?.message, told?.remedy].map((one) => isZh(one?.zh ?? '') && isEn(one?.en ?? ''))).toEqual([true, true]);
    expect(told?.owner).toBe(owner);
  });
});

describe('the words of officials', () => {
  /** What is written in Latin letters in Chinese too. */
  const LATIN = new Set(['PDF', 'JPEG', 'PNG', 'JSON', 'ZIP', 'MB', 'Excel', 'xlsx', 'U', 'T', 'G', 'J']);
  const given = [['7'], '7', ['7']] as never[];
  const faults = Object.values(FIELD_FAULTS).map((one) =>
    typeof one === 'function' ? (one as (...all: never[]) => Words)(...given) : one,
  );
  const all: readonly Words[] = [
    ...Object.values(MESSAGES),
    ...codes.flatMap((code) => remedyOf(code) ?? []),
    ...Object.values(NOTIFICATIONS),
    ...faults,
  ];

  it('name no field, route or value of the API', () => {
    const strange = all.filter(({ zh }) => (zh.match(/[A-Za-z]+/g) ?? []).some((word) => !LATIN.has(word)));
    expect(strange.map(({ zh }) => zh)).toEqual([]);
    expect(Object.values(FIELD_NAMES).filter((name) => !/^\p{Script=Han}+$/u.test(name))).toEqual([]);
  });

  it.each([
    ['主管部门', /(?<!学籍|上级|省级)主管部门/],
    ['裁定', /裁定/],
    ['主管人员', /主管人员/],
    ['安置', /安置/],
    ['系两人', /系两人/],
    ['死亡申请', /死亡申请/],
    ['长期无人', /长期无人/],
  ])('do not say %s', (_word, pattern) => {
    expect(all.filter(({ zh }) => pattern.test(zh)).map(({ zh }) => zh)).toEqual([]);
  });
});

describe('the table of procedures', () => {
  it('has a procedure for each kind, filed by the school that the regulation names (R-16, R-18, R-19, R-20)', () => {
    const { transfer, crossTrackTransfer, ...others } = PROCEDURES;
    expect(Object.keys(PROCEDURES)).toEqual(KINDS);
    expect([transfer.filedBy, crossTrackTransfer.filedBy]).toEqual(['sourceSchool', 'destinationSchool']);
    for (const { kind, filedBy, steps } of Object.values(others))
      expect([kind, filedBy, steps.map(({ party }) => party)]).toEqual([kind, 'school', ['school', 'authority']]);
  });

  it('gives no step more than the ten working days of Art 14 to 16, and cites its article', () => {
    for (const { steps } of Object.values(PROCEDURES))
      for (const step of steps) {
        expect(step).toMatchObject({ workingDays: 10, onOverdue: 'remindThenEscalate', article: expect.stringMatching(/^Art 1[1-6]/) });
        expect(CAPACITIES).toContain(step.party);
      }
  });

  it('is ordered as the national default orders it (A1)', () => {
    for (const kind of KINDS) expect(PROCEDURES[kind].steps.map(({ party }) => party)).toEqual(NATIONAL_DEFAULT.kinds[kind].order);
  });
});
