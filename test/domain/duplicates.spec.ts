import fc from 'fast-check';
import { ENROLMENT_STATES } from '../../src/domain/dossier/dossier.js';
import {
  areOnePerson,
  isLive,
  isToContinue,
  nextOfAssertion,
  typesOf,
  type Likeness,
  type OtherSide,
} from '../../src/domain/dossier/duplicates.js';

const SAME: Likeness = { document: true, formerDocument: false, name: true, sex: true, birthDate: true, state: 'active' };
const likeness = fc.record<Likeness>({
  document: fc.boolean(),
  formerDocument: fc.boolean(),
  name: fc.boolean(),
  sex: fc.boolean(),
  birthDate: fc.boolean(),
  state: fc.constantFrom(...ENROLMENT_STATES),
});
const otherSide = fc.record<OtherSide>({
  assertion: fc.constantFrom('none', 'open', 'approved', 'rejected'),
  live: fc.boolean(),
  onePerson: fc.boolean(),
  authorityDecided: fc.boolean(),
});
const SIDE: OtherSide = { assertion: 'none', live: true, onePerson: true, authorityDecided: true };

describe('duplicates of a registration (Art 8, Art 11)', () => {
  it.each([
    ['the same document', SAME, ['sameDocument']],
    ['the same document under another name', { ...SAME, name: false }, ['sameDocument', 'documentNameDiffers']],
    ['the same name, sex and birth date under another document', { ...SAME, document: false }, ['sameNameSexBirthDate']],
    ['a former document of somebody', { ...SAME, document: false, formerDocument: true, name: false }, ['documentChanged']],
    ['the same name and sex alone', { ...SAME, document: false, birthDate: false }, []],
  ] as const)('of %s are found by type', (_, like, types) => {
    expect(typesOf(like)).toEqual(types);
  });

  it('continue a dossier only for the same person in every respect who takes no place and lives (R-07)', () => {
    const left = ['transferredOut', 'withdrawn', 'deregistered', 'completed', 'graduated', 'advanced'];
    expect(ENROLMENT_STATES.filter((state) => isToContinue({ ...SAME, state }))).toEqual(left);
    fc.assert(fc.property(likeness, (like) => !isToContinue(like) || (typesOf(like).join() === 'sameDocument' && !isLive(like.state))));
  });

  it('say that both are one person by the document alone, now or before; a like name, sex and birth date says it of nobody', () => {
    fc.assert(fc.property(likeness, (like) => areOnePerson(typesOf(like)) === (like.document || like.formerDocument)));
  });
});

describe('an approved claim (A5)', () => {
  it.each([
    ['asks the other side, which takes the place and was not heard', {}, 'ask'],
    ['waits while the other side is being decided', { assertion: 'open' }, 'wait'],
    ['goes to a ruling when the other side was approved too', { assertion: 'approved' }, 'rule'],
    ['registers when the other side was rejected', { assertion: 'rejected' }, 'clear'],
    ['registers when the other says to be somebody else and claims nothing', { onePerson: false }, 'clear'],
    ['registers when the other takes no place any more', { live: false }, 'clear'],
    [
      'goes to a ruling where the one authority of both sides has not decided yet',
      { assertion: 'rejected', authorityDecided: false },
      'rule',
    ],
  ] as const)('%s', (_, change, next) => {
    expect(nextOfAssertion({ ...SIDE, ...change })).toBe(next);
  });

  it('never wins by the silence of the other side, nor before an authority has decided', () => {
    fc.assert(
      fc.property(otherSide, (them) => {
        const next = nextOfAssertion(them);
        const silent = them.assertion === 'open' || (them.assertion === 'none' && them.live && them.onePerson);
        if (silent) expect(['ask', 'wait']).toContain(next);
        if (next === 'clear') expect(them.authorityDecided).toBe(true);
        if (them.assertion === 'approved') expect(next).toBe('rule');
      }),
    );
  });
});
