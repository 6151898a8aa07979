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

/** Who settled what a reason refuses by: a version of a province's policy, or the national default (Art 28, A17). */
export interface SettledBy {
  /** JSON pointer of the setting, such as `/limits/suspensionMonths`. */
  readonly setting: string;
  readonly policy: { readonly id: string; readonly version: number };
  /** The province, or null for the nation. */
  readonly organisation: { readonly id: string; readonly code: string; readonly name: string } | null;
  /** Number of the province's document. */
  readonly document: string | null;
}

/** One reason why a request can't be filed now, with who clears it and how. */
export interface Blocker {
  readonly code: MessageCode;
  readonly owner: BlockerOwner;
  /** JSON pointer of the field concerned, when the reason lies in the input. */
  readonly pointer?: string;
  /** What the reason is about: a document that a policy asks for, or a school. */
  readonly item?: { readonly id: string; readonly zh: string; readonly en: string };
  /** The settings that refuse, where a policy could have it otherwise. */
  readonly sources?: readonly SettledBy[];
}

export const blocker = (code: MessageCode, owner: BlockerOwner, pointer?: string): Blocker =>
  pointer ? { code, owner, pointer } : { code, owner };

const NATION = words('全国默认规则', 'the national default');
const inWords = ({ organisation, document }: SettledBy): Words =>
  organisation ? words(`${organisation.name}${document ?? ''}`, `${organisation.name} ${document ?? ''}`.trim()) : NATION;

/** Whose rules refuse, once each. */
function basis(sources: readonly SettledBy[]): Words {
  const named = [...new Map(sources.map((source) => [inWords(source).zh, inWords(source)])).values()];
  return words(named.map(({ zh }) => zh).join('、'), named.map(({ en }) => en).join(', '));
}

/** What a blocker says, with the name of what it is about, and whose rules refuse. */
export function blockerWords({ code, item, sources = [] }: Blocker): Words {
  const [more, by] = [item ?? words('', ''), basis(sources)];
  const zh = `${item ? `：${more.zh}` : ''}${by.zh ? `（依据：${by.zh}）` : ''}。`;
  const en = `${item ? `: ${more.en}` : ''}${by.en ? ` (by ${by.en})` : ''}.`;
  return words(MESSAGES[code].zh.replace(/。$/, zh), MESSAGES[code].en.replace(/\.$/, en));
}
