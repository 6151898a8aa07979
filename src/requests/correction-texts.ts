import type { FieldCipher } from '../database/field-cipher.js';
import type { Transaction } from '../database/in-scope.js';
import type { Personal } from '../domain/personal-facts.js';
import { readTexts } from '../ledger/streams.js';

/** The personal fields of the `filed` act of a correction; kept encrypted beside it and told to the parties only. */
export const PERSONAL_TEXTS = ['changes', 'former'] as const;

export interface CorrectionTexts {
  readonly changes: Personal;
  /** The values as they stood when the correction was filed. */
  readonly former: Personal;
}

/** What a correction proposes; empty where it was erased. */
export async function correctionIn(tx: Transaction, cipher: FieldCipher, requestId: string): Promise<CorrectionTexts> {
  const { changes = '{}', former = '{}' } = (await readTexts(tx, cipher, requestId)).get(1) ?? {};
  return { changes: JSON.parse(changes) as Personal, former: JSON.parse(former) as Personal };
}
