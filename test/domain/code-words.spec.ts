import { WORD_SETS } from '../../src/code-sets/word-sets.js';
import { ACT_KINDS } from '../../src/domain/case/act-kinds.js';
import { HOLDS } from '../../src/domain/case/case.js';
import { ENROLMENT_STATES } from '../../src/domain/dossier/dossier.js';
import { MESSAGES } from '../../src/domain/messages/messages.js';
import { NOTIFICATION_KINDS } from '../../src/domain/messages/notifications.js';
import { OFFICES } from '../../src/domain/offices.js';
import { CAPACITIES, CASE_KINDS, PARTIES } from '../../src/domain/procedure/procedure.js';

describe('the words of the product’s codes', () => {
  it.each([
    ['act-kinds', ACT_KINDS],
    ['capacities', CAPACITIES],
    ['change-kinds', CASE_KINDS],
    ['enrolment-states', ENROLMENT_STATES],
    ['holds', HOLDS],
    ['notification-kinds', NOTIFICATION_KINDS],
    ['offices', OFFICES],
    ['problem-codes', Object.keys(MESSAGES)],
    ['steps', Object.keys(PARTIES)],
    ['verdicts', ['approve', 'reject', 'return']],
  ] as const)('of %s are there for each code, and for no other', (name, codes) => {
    expect(WORD_SETS[name]?.items.map(({ code }) => code).sort()).toEqual([...codes].sort());
  });

  it('are Chinese and English, apart', () => {
    const all = Object.values(WORD_SETS).flatMap(({ items }) => items);
    expect(all.filter(({ zh, en }) => !/\p{Script=Han}/u.test(zh) || !/^[\x20-\x7e’…–]+$/.test(en))).toEqual([]);
    expect(all.length).toBeGreaterThan(300);
  });
});
