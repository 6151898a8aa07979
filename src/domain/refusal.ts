import { MESSAGES, type MessageCode } from './messages/messages.js';

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
export const blockerText = ({ code, item }: Blocker): string =>
  item ? `${MESSAGES[code].zh.replace(/。$/, `：${item.zh}。`)} ${MESSAGES[code].en.replace(/\.$/, `: ${item.en}.`)}` : textOf(code);

export const textOf = (code: MessageCode): string => `${MESSAGES[code].zh} ${MESSAGES[code].en}`;
