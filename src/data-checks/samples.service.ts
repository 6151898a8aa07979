import { Injectable } from '@nestjs/common';
import { CaseContext } from '../cases/case-context.js';
import type { Actor } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { appendNext } from '../platform/ledger/streams.js';
import type { DrawSample, SampledStudent, SampleView } from './data-checks.dto.js';
import { INSPECTED_BY, POPULATION, SAMPLE } from './samples.store.js';

const OFFICES = ['authorityReviewer', 'authoritySupervisor'] as const;

/**
 * Lists for inspections 抽查名单. A list follows from its seed and from who is on roll; that it was drawn is an act. So nobody draws until a
 * list pleases.
 */
@Injectable()
export class Samples {
  constructor(
    private readonly context: CaseContext,
    private readonly once: OnceOnly,
  ) {}

  /** @throws Problem not-your-office; not-found for an organisation that is not below the caller's */
  async draw(caller: Caller, keyed: KeyedRequest, { organisationId, seed, size }: DrawSample): Promise<SampleView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor: Actor) => {
      const by = await this.inspector(tx, actor, organisationId);
      const [population, items] = await beyond(tx, 'dataChecks', async () => [
        (await tx.query<{ students: number }[]>(POPULATION, [organisationId]))[0]?.students ?? 0,
        await tx.query<SampledStudent[]>(SAMPLE, [organisationId, seed, size]),
      ]);
      const on = dateOf(this.context.clock.now());
      await tx.query('select 1 from organisation where id = $1 for no key update', [by]);
      await appendNext(tx, this.context, 'organisation', by, {
        kind: 'sampleDrawn',
        by: actedBy(actor, ...OFFICES.map((office) => ({ office, organisationId: by }))),
        body: { organisationId, size, population, studentIds: items.map(({ studentId }) => studentId) },
        texts: { seed },
      });
      return { on, seed, population, items };
    });
    return answer;
  }

  /** The caller's authority by which it is drawn: the organisation itself or one above it. */
  private async inspector(tx: Transaction, actor: Actor, organisationId: string): Promise<string> {
    const mine = organisationsOf(actor, ...OFFICES);
    if (mine.length === 0) throw new Problem('not-your-office');
    const [found] = await tx.query<{ by: string }[]>(INSPECTED_BY, [organisationId, mine]);
    if (!found) throw new Problem('not-found');
    return found.by;
  }
}
