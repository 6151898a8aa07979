import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { normalisedFacts, type Personal } from '../domain/dossier/personal-facts.js';
import { readTexts } from '../platform/ledger/streams.js';

/**
 * The personal fields of the `filed` act of a correction or an amendment. They lie encrypted beside the act, and only the parties see them.
 */
export const PERSONAL_TEXTS = ['changes', 'former'] as const;

type Texts = Readonly<Record<string, string>>;

export interface CorrectionTexts {
  readonly changes: Personal;
  /** The values as they stood when it was filed. */
  readonly former: Personal;
}

const parsed = (text: string | undefined): Personal => (text === undefined ? {} : (JSON.parse(text) as Personal));

/** The values that a filing proposes, be it a correction (Art 16) or an amendment (Art 11). */
export const proposedIn = (texts: Texts | undefined): Personal => normalisedFacts(parsed(texts?.changes));

/** What a filed request proposes; empty where it proposes nothing, or was erased. */
export async function correctionIn(tx: Transaction, cipher: FieldCipher, requestId: string): Promise<CorrectionTexts> {
  const texts = (await readTexts(tx, cipher, requestId)).get(1);
  return { changes: proposedIn(texts), former: parsed(texts?.former) };
}
