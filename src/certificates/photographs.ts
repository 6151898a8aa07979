import { handlingAt, type Actor } from '../domain/offices.js';
import { attachable } from '../evidence/attachable.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';

/** The picture of a student that goes on a certificate. */
export interface Photograph {
  readonly id: string;
  /** Of the content, in hexadecimal. */
  readonly sha256: string;
}

const PICTURE = `select id, sha256 from evidence where id = $1 and type in ('image/jpeg', 'image/png')`;

const pictureOf = async (tx: Transaction, id: string): Promise<Photograph | undefined> =>
  (await beyond(tx, 'photograph', () => tx.query<Photograph[]>(PICTURE, [id])))[0];

/**
 * The picture that was named, which the actor's organisations uploaded, else that of the dossier; undefined where there is none.
 * @throws Problem photograph-not-usable
 */
export async function photographOf(
  tx: Transaction,
  actor: Actor,
  { named, kept, now }: { readonly named?: string; readonly kept?: string; readonly now: number },
): Promise<Photograph | undefined> {
  if (named === undefined || named === kept) return kept === undefined ? undefined : pictureOf(tx, kept);
  const [own] = await attachable(tx, [named], handlingAt(actor), now);
  const picture = own && (await pictureOf(tx, named));
  if (!picture) throw new Problem('photograph-not-usable', { facts: { photographId: named } });
  return picture;
}
