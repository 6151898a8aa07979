import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem, refuse } from '../platform/http/problem.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { ActBody } from '../domain/case/acts.js';
import { admissible, type Move } from '../domain/case/admissible.js';
import { taskOf, type CaseState, type OpenTask } from '../domain/case/case.js';
import { watchingAt, type Actor } from '../domain/offices.js';
import { Wakes } from './wakes.js';
import type { Signature } from '../platform/ledger/acted-by.js';
import { CaseContext } from './case-context.js';
import { lockCase, record, type LoadedCase } from './cases.store.js';

/** What a move appends. */
export interface MadeMove {
  readonly act: ActBody;
  readonly texts?: Record<string, string>;
  /** Moves the orders 责令 that the act concerns, once it is written: their ids. */
  readonly orders?: (by: Signature) => Promise<readonly string[]>;
}

export interface AskedMove<T> {
  /** The request's id, for who may see it. */
  readonly requestId: (tx: Transaction, actor: Actor) => string | Promise<string>;
  readonly move: (loaded: LoadedCase) => Move;
  readonly by: (loaded: LoadedCase, actor: Actor) => Signature;
  readonly made: (loaded: LoadedCase, tx: Transaction, actor: Actor) => MadeMove | Promise<MadeMove>;
  readonly answer: (tx: Transaction, after: LoadedCase, actor: Actor) => Promise<T>;
}

/**
 * A person's move on a case: one transaction under the request's row lock, judged by `admissible`; the process is woken after its commit.
 */
@Injectable()
export class CaseMoves {
  constructor(
    private readonly context: CaseContext,
    private readonly once: OnceOnly,
    private readonly wakes: Wakes,
  ) {}

  async run<T extends object>(caller: Caller, keyed: KeyedRequest, asked: AskedMove<T>): Promise<T> {
    let wake = (): void => undefined;
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const id = await asked.requestId(tx, actor);
      const [loaded, moment] = await Promise.all([lockCase(tx, id), this.context.moment(tx)]); // in the same round trip
      if (!loaded) throw new Problem('not-found');
      refuse(admissible(loaded.state, asked.move(loaded), actor, moment));
      const by = asked.by(loaded, actor);
      const { act, texts, orders } = await asked.made(loaded, tx, actor);
      const after = await record(tx, this.context, loaded, act, { by, texts });
      const moved = (await orders?.(by)) ?? [];
      wake = () => {
        this.wakes.after(loaded.request, act);
        for (const orderId of moved) this.wakes.wake({ requestId: orderId, kind: act.kind, of: 'order' });
      };
      return asked.answer(tx, after, actor);
    });
    wake();
    return answer;
  }
}

/** The task that a move is on. @throws Problem already-decided when it is not open */
export function openTask(state: CaseState, taskId: string): OpenTask {
  const task = taskOf(state, taskId);
  if (!task) throw new Problem('already-decided');
  return task;
}

/** A request is there only for who may see it. @throws Problem not-found */
export async function mustSeeRequest(tx: Transaction, actor: Actor, id: string): Promise<string> {
  const [seen] = await tx.query<unknown[]>('select 1 from change_request where id = $1 and seen_by && $2', [id, watchingAt(actor)]);
  if (!seen) throw new Problem('not-found');
  return id;
}
