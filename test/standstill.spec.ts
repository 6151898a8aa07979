import { setTimeout as sleep } from 'node:timers/promises';
import { endAfterStandstill } from '../src/platform/standstill.js';
import { logOf } from '../src/platform/log.js';

describe('a process that watches for a standstill', () => {
  it('ends once after it stood still for too long, says for how long, and not while it runs', async () => {
    const lines: string[] = [];
    const log = logOf('worker', 'info', { write: (line: string) => void lines.push(line) });
    let ended = 0;
    const watch = endAfterStandstill(log, 3_000, () => void (ended += 1));
    await sleep(500);
    expect(ended).toBe(0);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_500); // nothing of this process runs meanwhile, as under SIGSTOP
    await sleep(900);
    clearInterval(watch);
    expect(ended).toBe(1);
    expect(lines).toHaveLength(1);
    const { level, milliseconds } = JSON.parse(lines[0]!) as { level: number; milliseconds: number };
    expect(level).toBe(50);
    expect(milliseconds).toBeGreaterThan(3_000);
  });
});
