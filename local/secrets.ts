import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { readRecord, writeRecord } from './processes.js';

/** Keys that the data of this machine is encrypted with; losing them loses the personal fields. */
export interface Secrets {
  FIELD_KEY: string;
  INDEX_KEY: string;
}

const key = () => randomBytes(32).toString('base64');

/** The keys in the data folder (readable by the owner only), generated at the first start. */
export function secretsIn(dataDir: string): Secrets {
  const file = path.join(dataDir, 'secrets.json');
  const stored = readRecord<Secrets>(file);
  if (stored?.FIELD_KEY && stored.INDEX_KEY) return stored;
  const secrets = { FIELD_KEY: key(), INDEX_KEY: key() };
  writeRecord(file, secrets);
  return secrets;
}
