import { MESSAGES, type MessageCode } from './messages/messages.js';
import { words, type Words } from './messages/words.js';

/** A refusal is a value: a code of the catalogue and what a client may do with it. Failures are exceptions. */
export interface Refusal {
  readonly code: MessageCode;
  /** Facts for the client, never personal data. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

export const refusal = (code: MessageCode, facts?: Refusal['facts']): Refusal => (facts ? { code, facts } : { code });

/** Who can clear a blocker. */
export type BlockerOwner =
  'filer' | 'sourceSchool' | 'destinationSchool' | 'sourceAuthority' | 'destinationAuthority' | 'authority' | 'operator';

/** One reason why a request can't be filed now, with who clears it and how. */
export interface Blocker {
  readonly code: MessageCode;
  readonly owner: BlockerOwner;
  /** JSON pointer of the field concerned, when the reason lies in the input. */
  readonly pointer?: string;
  /** The document concerned, of those that a policy asks for. */
  readonly item?: { readonly id: string; readonly zh: string; readonly en: string };
}

export const blocker = (code: MessageCode, owner: BlockerOwner, pointer?: string): Blocker =>
  pointer ? { code, owner, pointer } : { code, owner };

/** What a blocker says, with the name of the document that it is about. */
export function blockerWords({ code, item }: Blocker): Words {
  const { zh, en } = MESSAGES[code];
  return item ? words(zh.replace(/。$/, `：${item.zh}。`), en.replace(/\.$/, `: ${item.en}.`)) : { zh, en };
}
