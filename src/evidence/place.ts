import path from 'node:path';

/** Two hexadecimal digits: files lie in so many folders by the beginning of their digest. */
export const FOLDERS = 256;
export const folderOf = (dataDir: string, nth: number): string => path.join(dataDir, 'evidence', nth.toString(16).padStart(2, '0'));

/** Where the file of a content lies. */
export const placeOf = (dataDir: string, sha256: string): string =>
  path.join(folderOf(dataDir, Number.parseInt(sha256.slice(0, 2), 16)), sha256);
