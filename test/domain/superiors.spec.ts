import fc from 'fast-check';
import { commonSuperior, type InTheTree } from '../../src/domain/superiors.js';

/** nation ← province ← city ← county; the province also runs a county directly, and another province stands beside. */
const TREE: Readonly<Record<string, string>> = {
  west: 'nation',
  east: 'nation',
  city: 'west',
  town: 'west',
  county: 'city',
  parish: 'city',
  free: 'west',
  far: 'east',
};
const superiorsOf = (id: string): string[] => (TREE[id] ? [TREE[id], ...superiorsOf(TREE[id])] : []);
const inTheTree = (id: string): InTheTree => ({ id, superiors: superiorsOf(id) });
const above = (a: string, b: string) => commonSuperior(inTheTree(a), inTheTree(b));

describe('the lowest common superior of two authorities (R-04, R-12)', () => {
  it('of two counties of a city is the city, of two cities the province, of two provinces the nation', () => {
    expect([above('county', 'parish'), above('city', 'town'), above('west', 'east'), above('county', 'far')]).toEqual([
      'city',
      'west',
      'nation',
      'nation',
    ]);
  });

  it('follows the parent and not the level: a county run by the province meets a city in the province', () => {
    expect([above('free', 'city'), above('free', 'county')]).toEqual(['west', 'west']);
  });

  it('is never a party itself: between a city and its own county it is the province', () => {
    expect([above('city', 'county'), above('county', 'city'), above('nation', 'west')]).toEqual(['west', 'west', undefined]);
  });

  it('stands above both, is the same from either side, and nothing below it stands above both', () => {
    const any = fc.constantFrom(...Object.keys(TREE));
    fc.assert(
      fc.property(any, any, (a, b) => {
        const found = above(a, b);
        const both = superiorsOf(a).filter((id) => superiorsOf(b).includes(id) && id !== a && id !== b);
        expect(found).toBe(above(b, a));
        expect(found).toBe(both.toSorted((x, y) => superiorsOf(y).length - superiorsOf(x).length)[0]);
      }),
    );
  });
});
