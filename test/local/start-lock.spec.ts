import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AlreadyRuns, takeLock } from '../../local/start-lock.js';
import { scratch } from './scratch.js';

describe('the lock of a data folder', () => {
  it('refuses a second start while the first runs, and says where it runs', () => {
    const folder = scratch();
    const giveBack = takeLock(folder, 'http://127.0.0.1:3000');
    expect(() => takeLock(folder, 'http://127.0.0.1:3001')).toThrow(AlreadyRuns);
    expect(() => takeLock(folder, 'http://127.0.0.1:3001')).toThrow('http://127.0.0.1:3000');
    giveBack();
    expect(existsSync(path.join(folder, 'start.lock'))).toBe(false);
  });

  it('is free when its process is gone, although another process has the pid now', () => {
    const folder = scratch();
    writeFileSync(path.join(folder, 'start.lock'), JSON.stringify({ pid: process.pid, born: 'long ago', address: 'x' }));
    expect(() => takeLock(folder, 'http://127.0.0.1:3000')()).not.toThrow();
  });

  it('is free when it was half written', () => {
    const folder = scratch();
    writeFileSync(path.join(folder, 'start.lock'), '{"pid":');
    expect(() => takeLock(folder, 'http://127.0.0.1:3000')()).not.toThrow();
  });
});
