import { existsSync, readdirSync, readFileSync } from 'node:fs';

const TICKS_A_SECOND = 100;

/** A process's parent and the CPU seconds it and its ended children have used (Linux). */
function usage(pid: number): { parent: number; seconds: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + (fields[field] ?? 0), 0);
    return { parent: fields[1] ?? 0, seconds: ticks / TICKS_A_SECOND };
  } catch {
    return undefined;
  }
}

/** CPU seconds used so far by named processes, each with its direct children; empty where there is no /proc. */
export function cpuSeconds(processes: ReadonlyMap<string, number>): Map<string, number> {
  const used = new Map<string, number>();
  if (!existsSync('/proc/self/stat')) return used;
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const names = new Map([...processes].map(([name, pid]) => [pid, name]));
  for (const pid of all) {
    const one = usage(pid);
    const name = one && (names.get(pid) ?? (one.parent === process.pid ? undefined : names.get(one.parent)));
    if (one && name) used.set(name, (used.get(name) ?? 0) + one.seconds);
  }
  return used;
}
