import type { Policy } from '../policy/policy.js';

/** What a policy settles, without its name. */
export type PolicyContent = Omit<Policy, 'id' | 'version'>;

/** A part of a value: what it leaves out is inherited. Lists are given whole. */
export type PartOf<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [K in keyof T]?: PartOf<T[K]> } : T;

/** What a province's document says of a policy; what it leaves out is inherited from its base (Art 28, R-32). */
export type PackContent = PartOf<PolicyContent>;

/** The document of the province that settles a pack; without it no pack is put into force (A17). */
export interface PackDocument {
  /** 文号 */
  readonly number: string;
  readonly issuingBody: string;
  /** Day of issue 'YYYY-MM-DD'. */
  readonly date: string;
  /** 备案号: under which it is filed with the ministry (Art 28). */
  readonly filingNumber: string;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The whole that a part stands for over `base`: records key by key, lists and single values replaced. */
export function inherited<T>(base: T, part: PartOf<T> | undefined): T {
  if (part === undefined) return base;
  if (!isRecord(base) || !isRecord(part)) return part as T;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(part)])];
  return Object.fromEntries(keys.map((key) => [key, inherited(base[key], part[key] as never)])) as T;
}

/** One key that two policies settle differently. */
export interface Difference {
  /** JSON pointer, such as `/kinds/transfer/order`. */
  readonly pointer: string;
  readonly inForce: unknown;
  readonly proposed: unknown;
}

/** What the second policy changes of the first, key by key; lists are compared whole. */
export function differences(inForce: unknown, proposed: unknown, pointer = ''): Difference[] {
  if (isRecord(inForce) && isRecord(proposed))
    return [...new Set([...Object.keys(inForce), ...Object.keys(proposed)])].flatMap((key) =>
      differences(inForce[key], proposed[key], `${pointer}/${key}`),
    );
  if (JSON.stringify(inForce) === JSON.stringify(proposed)) return [];
  return [{ pointer, inForce: inForce ?? null, proposed: proposed ?? null }];
}
