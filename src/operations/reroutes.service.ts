import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Caller } from '../platform/access/caller.js';
import { outcomeOf } from '../platform/http/failures.js';
import { LOG } from '../platform/log.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import { canonical } from '../platform/ledger/chain.js';
import { Operations } from './operations.service.js';
import type { ManyReroutes, RerouteAnswer, RerouteResult } from './operations.dto.js';

const AT_ONCE = 500;

interface Chosen {
  readonly items: readonly { readonly requestId: string; readonly number: string }[];
  readonly more: boolean;
}

/**
 * Re-routes a step of many cases. The list of cases is written first, then each moves in its own transaction. So a call that was cut off is
 * sent again with its key.
 */
@Injectable()
export class Reroutes {
  constructor(
    private readonly once: OnceOnly,
    private readonly operations: Operations,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async many(caller: Caller, keyed: KeyedRequest, body: ManyReroutes): Promise<RerouteAnswer> {
    const { answer } = await this.once.run(caller, keyed, (tx) => beyond(tx, 'rerouting', () => chosen(tx, body)));
    const items: RerouteResult[] = [];
    for (const item of answer.items) items.push({ ...item, ...(await this.one(caller, keyed.key, item.requestId, body)) });
    return { items, more: answer.more };
  }

  private one(
    caller: Caller,
    key: string,
    requestId: string,
    { step, to, reason }: ManyReroutes,
  ): Promise<Pick<RerouteResult, 'status' | 'problem'>> {
    const body = { step, to, reason };
    const keyed = { key: `${key}:${requestId}`, digest: createHash('sha256').update(canonical(body)).digest() };
    return outcomeOf(this.log, async () => {
      await this.operations.reroute(caller, keyed, requestId, body);
      return {};
    });
  }
}

/** The open requests of which the organisation decides the step and has not approved it; the oldest first. */
async function chosen(tx: Transaction, { step, from, kind }: ManyReroutes): Promise<Chosen> {
  const items = await tx.query<Chosen['items'][number][]>(
    `select id as "requestId", number from change_request where state = 'open' and id = any(array(select requests_shown_to($1::uuid)))
      and ($3::text is null or kind = $3)
       and exists (select 1 from jsonb_array_elements(steps) s where s ->> 'id' = $2 and s ->> 'organisationId' = $1::text
         and s ->> 'state' <> 'approved')
     order by filed_at, id limit $4`,
    [from, step, kind ?? null, AT_ONCE + 1],
  );
  return { items: items.slice(0, AT_ONCE), more: items.length > AT_ONCE };
}
