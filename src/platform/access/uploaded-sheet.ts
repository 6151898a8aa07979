import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import { Problem } from '../http/problem.js';
import type { Caller } from './caller.js';
import type { KeyedRequest } from './idempotency.js';
import type { Quotas } from './quotas.js';

/** The sheet of a form. Its bytes count towards the day before it is read. @throws Problem invalid-input, daily-limit-reached */
export async function uploadedSheet(quotas: Quotas, caller: Caller, file: Express.Multer.File | undefined): Promise<Buffer> {
  if (!file) throw new Problem('invalid-input', { errors: [{ pointer: '/file', detail: FIELD_FAULTS.noFile }] });
  await quotas.spendNow(caller, 'uploadedBytes', file.size);
  return readFile(file.path);
}

/** The key of a request whose content is a file: another file under the same key is another request. */
export const keyedWith = (keyed: KeyedRequest, content: Buffer): KeyedRequest => ({
  ...keyed,
  digest: createHash('sha256').update(keyed.digest).update(content).digest(),
});
