import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json; this file runs from dist/local. */
export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What was fetched for this machine and can be fetched again. */
export const cacheDir = path.join(projectRoot, '.cache');
