import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/access/caller.js';
import type { KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Move } from '../domain/case/admissible.js';
import { filerNow, openTasks, type CaseState } from '../domain/case/case.js';
import { FILERS_OFFICES, holds, WATCHING, type Actor } from '../domain/offices.js';
import { proxyFor } from '../domain/case/who.js';
import { dateOf } from '../domain/working-days.js';
import { HOLDS_OFFICE_AT } from '../platform/access/offices.sql.js';
import { actedBy, actedFor, type Signature } from '../platform/ledger/acted-by.js';
import { CaseContext } from '../cases/case-context.js';
import { CaseMoves, mustSeeRequest, type MadeMove } from '../cases/case-moves.js';
import type { Comment, Copy, Objection } from './notes.dto.js';
import type { ChangeRequestView } from './request-views.dto.js';
import { oneRequest } from './requests.views.js';
import { IS_PERSON } from '../platform/access/service-account.sql.js';

/** Notes on a case, which move nothing: comments and copies. */
@Injectable()
export class Notes {
  constructor(
    private readonly context: CaseContext,
    private readonly moves: CaseMoves,
  ) {}

  comment(caller: Caller, keyed: KeyedRequest, id: string, { comment, mentions = [] }: Comment): Promise<ChangeRequestView> {
    return this.note(caller, keyed, id, { do: 'comment' }, async (tx) => {
      await this.mustSeeIt(tx, id, mentions);
      return { act: { kind: 'commented', ...(mentions.length > 0 ? { mentions } : {}) }, texts: { comment } };
    });
  }

  /**
   * Alerts who decides: it stands at their task, and the school's authority is told (A21).
   * @throws Problem not-the-students-school
   */
  object(caller: Caller, keyed: KeyedRequest, id: string, { objector, objection }: Objection): Promise<ChangeRequestView> {
    const made = { act: { kind: 'objected' as const, objector }, texts: { objection } };
    return this.note(caller, keyed, id, { do: 'object' }, () => Promise.resolve(made));
  }

  copy(caller: Caller, keyed: KeyedRequest, id: string, { to, reason }: Copy): Promise<ChangeRequestView> {
    return this.note(caller, keyed, id, { do: 'copy' }, async (tx) => {
      const [authority] = await tx.query<unknown[]>(
        `select 1 from organisation where id = $1 and level <> 'school' and (closed_on is null or closed_on > $2::date)`,
        [to, dateOf(this.context.clock.now())],
      );
      if (!authority) throw new Problem('invalid-input', { errors: [{ pointer: '/to', detail: FIELD_FAULTS.notAuthority }] });
      return { act: { kind: 'copied', to }, texts: { reason } };
    });
  }

  private note(
    caller: Caller,
    keyed: KeyedRequest,
    id: string,
    move: Move,
    made: (tx: Transaction) => Promise<MadeMove>,
  ): Promise<ChangeRequestView> {
    return this.moves.run(caller, keyed, {
      requestId: (tx, actor) => mustSeeRequest(tx, actor, id),
      move: () => move,
      by: ({ state }, actor) => signed(state, actor),
      made: (_, tx) => made(tx),
      answer: (tx) => oneRequest(tx, id, this.context.clock.now()),
    });
  }

  /** @throws Problem not-a-mentionable-person */
  private async mustSeeIt(tx: Transaction, id: string, persons: readonly string[]): Promise<void> {
    if (persons.length === 0) return;
    const seeing = await tx.query<{ id: string }[]>(
      `select distinct o.person_id as id from office o join change_request r on r.id = $1 and o.organisation_id = any(r.seen_by)
         join person p on p.id = o.person_id and ${IS_PERSON('p')}
       where o.person_id = any($2) and o.office = any($4) and ${HOLDS_OFFICE_AT('o', '$3')}`,
      [id, persons, new Date(this.context.clock.now()), WATCHING],
    );
    if (seeing.length < persons.length)
      throw new Problem('not-a-mentionable-person', { errors: [{ pointer: '/mentions', detail: FIELD_FAULTS.maySeeNothing }] });
  }
}

/**
 * The office of a note, the first that there is:
 * 1. The actor's own office that takes part in the case.
 * 2. An absent person's office in which the actor works on a task.
 * 3. Any office of the actor.
 */
function signed(state: CaseState, actor: Actor): Signature {
  const tasks = openTasks(state);
  const own = [
    ...tasks.map(({ office, holder: organisationId }) => ({ office, organisationId })),
    ...FILERS_OFFICES.map((office) => ({ office, organisationId: filerNow(state) })),
  ];
  const proxy = tasks.map((task) => proxyFor(state, task, actor)).find((one) => one !== undefined);
  const takesPart = own.some(({ office, organisationId }) => holds(actor, office, organisationId));
  return proxy && !takesPart ? actedFor(actor, proxy) : actedBy(actor, ...own);
}
