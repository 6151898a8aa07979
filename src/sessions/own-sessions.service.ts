import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { inScope, lookUp } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import type { OwnSessions, WHICH_SESSIONS } from './own-sessions.dto.js';
import { Sessions } from './sessions.service.js';

interface Row {
  id: string;
  client: string;
  createdAt: Date;
  usedAt: Date;
  expiresAt: Date;
}

const OWN = `
  select s.id, coalesce(s.browser, 'program') as client, s.created_at as "createdAt", s.used_at as "usedAt", s.expires_at as "expiresAt"
  from session s join person p on p.id = s.person_id and p.subject_hash is not distinct from s.subject_hash
  where s.person_id = $1 and s.expires_at > $2 order by s.created_at desc, s.id`;

/** The sessions of the caller, who may end each. A row is asked for with each request, so an end counts at once on every process. */
@Injectable()
export class OwnSessionsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly sessions: Sessions,
  ) {}

  async list(caller: Caller): Promise<OwnSessions> {
    const rows = await lookUp<Row>(this.db, caller, OWN, [caller.personId, new Date(this.clock.now())]);
    return {
      items: rows.map(({ id, client, createdAt, usedAt, expiresAt }) => ({
        id,
        current: id === caller.sessionId,
        client,
        createdAt: isoInShanghai(createdAt.getTime()),
        usedAt: isoInShanghai(usedAt.getTime()),
        expiresAt: isoInShanghai(expiresAt.getTime()),
      })),
    };
  }

  /** @throws Problem not-found, for a session of somebody else too */
  async end(caller: Caller, id: string): Promise<void> {
    const ended = await inScope(this.db, caller, (tx) =>
      tx.query<[unknown[], number]>('delete from session where id = $1 and person_id = $2', [id, caller.personId]),
    );
    if (ended[1] === 0) throw new Problem('not-found');
  }

  /** A token of the outside issuer has no row: the one that asks is ended, others run out at the issuer. */
  async endSeveral(caller: Caller, which: (typeof WHICH_SESSIONS)[number]): Promise<number> {
    const spared = which === 'others' ? (caller.sessionId ?? null) : null;
    const [, ended] = await inScope(this.db, caller, (tx) =>
      tx.query<[unknown[], number]>('delete from session where person_id = $1 and id is distinct from $2::uuid', [caller.personId, spared]),
    );
    if (which === 'all' && caller.sessionId === undefined) await this.sessions.close(caller);
    return ended;
  }
}
