import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LOCKS } from '../../src/platform/database/locks.js';
import { root, sourcesBelow } from '../architecture/source.js';

const TABLE = 'src/platform/database/locks.ts';
const KEY = /\b7_?240_?\d{3}\b/;
const LOCKING = /\bpg_(try_)?advisory_(xact_)?lock\(\s*\d|underAdvisoryLock\([^,()]+,(?!\s*(LOCKS\.|this\.watch\.lock\b))/;

describe('the advisory locks', () => {
  it('have a key each that no other has', () => {
    const keys = Object.values(LOCKS);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each([
    ['no key is written', KEY],
    ['no lock is taken by a key of its own', LOCKING],
  ])('stand in one table: elsewhere %s', (_sentence, pattern) => {
    const files = sourcesBelow('src', 'workflows', 'activities').map(({ file }) => file);
    expect(files).toContain(TABLE);
    // A function of the database cannot read the table: what a migration writes is written twice.
    const found = files.filter(
      (file) => file !== TABLE && !file.includes('/migrations/') && pattern.test(readFileSync(path.join(root, file), 'utf8')),
    );
    expect(found).toEqual([]);
  });

  it.each([
    ['a key', KEY, 'const LOCK = 7_240_197;'],
    ['a key in a statement', KEY, 'select pg_advisory_lock(7240193)'],
    ['a number in a statement', LOCKING, 'select pg_advisory_xact_lock(42)'],
    ['a number that a loop runs under', LOCKING, 'underAdvisoryLock(this.deps.db, LOCK, work)'],
  ])('would be noticed outside the table: %s', (_what, pattern, text) => {
    expect(pattern.test(text)).toBe(true);
  });
});
