import { Injectable } from '@nestjs/common';
import { CaseContext } from '../../cases/case-context.js';
import { mustSeeRequest } from '../../cases/case-moves.js';
import { asAct, lockCase, record, type LoadedCase } from '../../cases/cases.store.js';
import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import { holds, type Actor, type OfficeAt } from '../../domain/offices.js';
import { isFiled } from '../../domain/procedure/procedure.js';
import { dateOf } from '../../domain/working-days.js';
import type { Caller } from '../../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../../platform/access/idempotency.js';
import { beyond, type Transaction } from '../../platform/database/in-scope.js';
import { Problem } from '../../platform/http/problem.js';
import { actedBy } from '../../platform/ledger/acted-by.js';
import type { ChangeRequestView } from '../request-views.dto.js';
import { oneRequest } from '../requests.views.js';
import type { CheckPaper } from './forms.dto.js';
import { dossierKeepers, type Keepers } from './forms.store.js';

/** 纸质档案核对: after a change, the school holds the paper dossier against the electronic one (Art 3, R-02). A note: it moves nothing. */
@Injectable()
export class PaperChecks {
  constructor(
    private readonly context: CaseContext,
    private readonly once: OnceOnly,
  ) {}

  /** @throws Problem not-found, not-your-office, change-not-in-effect, paper-already-checked, date-in-future, invalid-input */
  async check(
    caller: Caller,
    keyed: KeyedRequest,
    id: string,
    { on = dateOf(this.context.clock.now()) }: CheckPaper,
  ): Promise<ChangeRequestView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      await mustSeeRequest(tx, actor, id);
      const loaded = await lockCase(tx, id);
      if (!loaded?.request.studentId || !isFiled(loaded.state.route.kind)) throw new Problem('not-found');
      const offices = await keeping(tx, actor, loaded.request.studentId);
      this.mustFit(loaded, on);
      await record(tx, this.context, loaded, { kind: 'paperChecked', on }, { by: actedBy(actor, ...offices) });
      return oneRequest(tx, id, this.context.clock.now());
    });
    return answer;
  }

  private mustFit({ acts, state }: LoadedCase, on: string): void {
    const told = acts.map(asAct);
    const effected = told.find((act) => act.kind === 'effected');
    if (state.closed !== 'approved' || !effected) throw new Problem('change-not-in-effect');
    if (told.some(({ kind }) => kind === 'paperChecked')) throw new Problem('paper-already-checked');
    if (on > dateOf(this.context.clock.now()))
      throw new Problem('date-in-future', { errors: [{ pointer: '/on', detail: FIELD_FAULTS.future }] });
    if (on < dateOf(effected.at)) throw new Problem('invalid-input', { errors: [{ pointer: '/on', detail: FIELD_FAULTS.datesDisagree }] });
  }
}

/** The offices of the actor at whoever keeps the paper dossier now. @throws Problem not-your-office */
async function keeping(tx: Transaction, actor: Actor, studentId: string): Promise<OfficeAt[]> {
  const keepers = await beyond(tx, 'schoolHistory', () => dossierKeepers(tx, studentId));
  const fitting = keepers ? officesOf(keepers).filter(({ office, organisationId }) => holds(actor, office, organisationId)) : [];
  if (fitting.length === 0) throw new Problem('not-your-office');
  return fitting;
}

const officesOf = ({ schoolId, authorityId }: Keepers): OfficeAt[] => [
  { office: 'schoolClerk', organisationId: schoolId },
  { office: 'schoolReviewer', organisationId: schoolId },
  ...(authorityId === null ? [] : [{ office: 'authorityReviewer' as const, organisationId: authorityId }]),
];
