import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Config } from '../platform/config.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { HttpIdentity } from './http-identity.js';
import type { IdentityAuthentication } from './identity.js';
import { LocalIdentity } from './local-identity.js';

/** The population service of `IDENTITY_URL`, else the local register. */
export const identityFrom = (
  { identity }: Pick<Config, 'identity'>,
  db: DataSource,
  cipher: FieldCipher,
  log?: Pick<Logger, 'warn'>,
): IdentityAuthentication =>
  identity
    ? new HttpIdentity(identity, (fault, attempt) => log?.warn({ fault, attempt }, 'the population service gave no answer'))
    : new LocalIdentity(db, cipher);
