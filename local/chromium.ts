import { spawnSync } from 'node:child_process';
import { fromEnvironment, onPath } from './executables.js';
import { isRoot } from './unprivileged.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;
// The font, because the pages are Chinese.
const PACKAGES = ['chromium', 'fonts-noto-cjk'];

function install(log: (line: string) => void): void {
  log('Installing Chromium for the browser tests (apt-get) …');
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  const packages = ['install', '-y', '--no-install-recommends', ...PACKAGES];
  if (apt(...packages).status === 0) return;
  apt('update');
  apt(...packages);
}

/**
 * The browser for the browser tests: `CHROME_PATH`, PATH, the system's package manager when root; else an error with the command to run.
 */
export async function chromium(log: (line: string) => void = (line) => console.error(line)): Promise<string> {
  const present = fromEnvironment('CHROME_PATH') ?? onPath(...NAMES);
  if (present) return present;
  if (isRoot() && onPath('apt-get')) install(log);
  const installed = onPath(...NAMES);
  if (installed) return installed;
  throw new Error(`No Chromium was found. Set CHROME_PATH, or run: sudo apt-get update && sudo apt-get install -y ${PACKAGES.join(' ')}`);
}
