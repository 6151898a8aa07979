import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { alive, known, readRecord, type Born } from './processes.js';

interface Holder extends Born {
  address: string;
}

/** Says that another start runs on the data folder. */
export class AlreadyRuns extends Error {
  constructor(
    dataDir: string,
    readonly holder: Holder,
  ) {
    super(
      `xueji already runs on ${dataDir} (process ${holder.pid}, ${holder.address}). Stop it there with Ctrl-C, or set DATA_DIR and PORT.`,
    );
  }
}

const lockFile = (dataDir: string) => path.join(dataDir, 'start.lock');

/** Who runs on this data folder now. The lock of a process that is gone counts for nothing. */
export function holderOf(dataDir: string): Holder | undefined {
  const holder = readRecord<Holder>(lockFile(dataDir));
  return holder && alive(holder) ? holder : undefined;
}

/** Takes the data folder for this process and returns how to give it back. */
export function takeLock(dataDir: string, address: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    try {
      writeFileSync(lockFile(dataDir), JSON.stringify({ ...known(process.pid), address } satisfies Holder), { flag: 'wx' });
      return () => rmSync(lockFile(dataDir), { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 3) throw error;
      const holder = holderOf(dataDir);
      if (holder) throw new AlreadyRuns(dataDir, holder);
      rmSync(lockFile(dataDir), { force: true });
    }
  }
}
