import fc from 'fast-check';
import { factsOn, type Statement } from '../../src/domain/dossier/personal-facts.js';
import { addDays } from '../../src/domain/working-days.js';

const FIRST = '2026-01-01';
const DAYS = 40;
const day = (n: number) => addDays(FIRST, n);
const said = (fact: string, value: string, validFrom: string, recordedAt: number): Statement => ({ fact, value, validFrom, recordedAt });

describe('what held on a day', () => {
  it('is nothing before the first statement, and each value from its day on until the next', () => {
    const both = [said('name', 'a', day(1), 1), said('name', 'b', day(5), 2)];
    expect([0, 1, 4, 5].map((n) => factsOn(both, day(n))[0]?.value)).toEqual([undefined, 'a', 'a', 'b']);
    expect(factsOn(both, day(2))).toMatchObject([{ validFrom: day(1), validTo: day(5) }]);
    expect(factsOn(both, day(9))).toMatchObject([{ validFrom: day(5), validTo: null }]);
  });

  it('is what was recorded last, when it was dated back before another value', () => {
    const back = [said('name', 'a', day(1), 1), said('name', 'b', day(5), 2), said('name', 'c', day(3), 3)];
    expect([2, 3, 6].map((n) => factsOn(back, day(n))[0]?.value)).toEqual(['a', 'c', 'c']);
    expect([2, 3, 6].map((n) => factsOn(back, day(n), 2)[0]?.value)).toEqual(['a', 'a', 'b']);
  });

  it('equals a plain recount, day by day and fact by fact, for any sequence of corrections and any recorded time', () => {
    const correction = fc.record({ fact: fc.constantFrom('name', 'sex', 'birthDate'), value: fc.string(), from: fc.nat(DAYS - 1) });
    fc.assert(
      fc.property(fc.array(correction, { maxLength: 25 }), fc.nat(DAYS - 1), fc.nat(26), (corrections, asked, upTo) => {
        const statements = corrections.map(({ fact, value, from }, nth) => said(fact, value, day(from), nth));
        const calendar = Array.from({ length: DAYS }, () => new Map<string, string>());
        for (const { fact, value, from } of corrections.slice(0, upTo + 1))
          // Nothing is stated by an empty value: it takes the fact back.
          for (const facts of calendar.slice(from))
            if (value === '') facts.delete(fact);
            else facts.set(fact, value);
        const held = factsOn(statements, day(asked), upTo);
        expect(new Map(held.map(({ fact, value }) => [fact, value]))).toEqual(calendar[asked]);
        for (const { fact, value, validFrom, validTo } of held) {
          const days = calendar.map((facts, n) => ({ date: day(n), value: facts.get(fact) }));
          const span = days.filter(({ date }) => date >= validFrom && (validTo === null || date < validTo));
          expect(span.every((one) => one.value === value)).toBe(true);
        }
      }),
    );
  });
});
