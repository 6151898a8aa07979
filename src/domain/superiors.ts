/** An authority with its superiors, nearest first, as the tree has them: levels may be skipped. */
export interface InTheTree {
  readonly id: string;
  readonly superiors: readonly string[];
}

/**
 * The lowest common superior of two authorities, proper for both: neither judges a matter to which it is a party itself. Undefined
 * when no authority stands above both.
 */
export function commonSuperior(one: InTheTree, other: InTheTree): string | undefined {
  return one.superiors.find((id) => id !== other.id && other.superiors.includes(id));
}
