import { holdWords } from '../../domain/hold-words.js';
import { told } from './language.js';

/** Why a request does not move, in the language of the answer: the words, who can clear it, and how. */
export interface ToldHold {
  readonly message: string | null;
  readonly owner: string | null;
  readonly remedy: string | null;
}

export function holdTold(hold: { readonly kind: string; readonly cause: string }): ToldHold {
  const { message, owner = null, remedy } = holdWords(hold) ?? {};
  return { message: message ? told(message) : null, owner, remedy: remedy ? told(remedy) : null };
}
