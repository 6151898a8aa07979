import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, lookUp, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { Draft } from './draft.entity.js';
import type { DraftDetail, DraftInput, DraftView } from './drafts.dto.js';

const MOST_DRAFTS = 50;
const MOST_BYTES = 64 * 1024;
/** Days for which a draft is kept; `src/app/retention.ts` removes it. */
export const DRAFT_DAYS = 30;
const DAY = 24 * 3_600_000;

interface Row extends Pick<Draft, 'id' | 'kind' | 'version' | 'savedAt' | 'titleCipher'> {
  readonly contentCipher?: Buffer;
}

const COLUMNS = 'id, kind, version, saved_at as "savedAt", title_cipher as "titleCipher"';
const ONE = `select ${COLUMNS}, content_cipher as "contentCipher" from draft where person_id = $1 and id = $2`;
const LIST = `select ${COLUMNS} from draft where person_id = $1 and saved_at > $2 order by saved_at desc, id limit ${MOST_DRAFTS}`;
const ENTER = `
  insert into draft (person_id, id, kind, saved_at, title_cipher, content_cipher, version) values ($1, $2, $3, $4, $5, $6, 1)
  on conflict do nothing returning 1 as saved`;
const REPLACE = `
  with replaced as (
    update draft set kind = $3, saved_at = $4, title_cipher = $5, content_cipher = $6, version = version + 1
    where person_id = $1 and id = $2 and version = $7 returning 1)
  select 1 as saved from replaced`;

const titlePlace = (personId: string, id: string): string => `draft.title:${personId}:${id}`;
const contentPlace = (personId: string, id: string): string => `draft.content:${personId}:${id}`;

/** What a person has begun to file and not sent. Every statement asks for the person, and the cipher binds a draft to its person. */
@Injectable()
export class Drafts {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
  ) {}

  async list(caller: Caller): Promise<DraftView[]> {
    const rows = await lookUp<Row>(this.db, caller, LIST, [caller.personId, this.oldest()]);
    return rows.map((row) => this.view(caller, row));
  }

  /** @throws Problem not-found */
  show(caller: Caller, id: string): Promise<DraftDetail> {
    return inScope(this.db, caller, (tx) => this.one(tx, caller, id));
  }

  /** @throws Problem stale-version, payload-too-large, too-many-drafts */
  save(caller: Caller, id: string, { version, content, ...asked }: DraftInput): Promise<DraftDetail> {
    const kind = asked.kind ?? null;
    const title = asked.title ?? '';
    const text = JSON.stringify(content);
    if (Buffer.byteLength(text) > MOST_BYTES) throw new Problem('payload-too-large');
    const { personId } = caller;
    return inScope(this.db, caller, async (tx) => {
      const values = [
        personId,
        id,
        kind,
        new Date(this.clock.now()),
        this.cipher.encrypt(title, titlePlace(personId, id)),
        this.cipher.encrypt(text, contentPlace(personId, id)),
      ];
      const saved = await (version === undefined
        ? tx.query<{ saved: number }[]>(ENTER, values)
        : tx.query<{ saved: number }[]>(REPLACE, [...values, version]));
      const stands = await this.one(tx, caller, id).catch(() => undefined);
      if (saved.length === 0) return mustBeSame(stands, { version, kind, title, text });
      if ((await tx.of(Draft).countBy({ personId })) > MOST_DRAFTS) throw new Problem('too-many-drafts', { facts: { most: MOST_DRAFTS } });
      return stands as DraftDetail;
    });
  }

  /** What is gone already is gone. */
  async remove({ personId, ...caller }: Caller, id: string): Promise<void> {
    await inScope(this.db, { personId, ...caller }, (tx) => tx.of(Draft).delete({ personId, id }));
  }

  private async one(tx: Transaction, caller: Caller, id: string): Promise<DraftDetail> {
    const [row] = await tx.query<Row[]>(ONE, [caller.personId, id]);
    if (!row?.contentCipher || row.savedAt <= this.oldest()) throw new Problem('not-found');
    const content = JSON.parse(this.cipher.decrypt(row.contentCipher, contentPlace(caller.personId, id))) as object;
    return { ...this.view(caller, row), content };
  }

  private oldest(): Date {
    return new Date(this.clock.now() - DRAFT_DAYS * DAY);
  }

  private view({ personId }: Caller, { id, kind, version, savedAt, titleCipher }: Row): DraftView {
    return {
      id,
      kind,
      title: this.cipher.decrypt(titleCipher, titlePlace(personId, id)),
      version,
      savedAt: isoInShanghai(savedAt.getTime()),
      keptUntil: isoInShanghai(savedAt.getTime() + DRAFT_DAYS * DAY),
    };
  }
}

/** The answer to the same once more, whose first answer was lost. */
function mustBeSame(
  stands: DraftDetail | undefined,
  { version = 0, kind, title, text }: { version?: number; kind: string | null; title: string; text: string },
): DraftDetail {
  const isSame = stands?.version === version + 1 && stands.kind === kind && stands.title === title;
  if (isSame && JSON.stringify(stands.content) === text) return stands;
  throw new Problem('stale-version');
}
