import { told } from '../platform/http/language.js';
import { remedyTold } from '../platform/http/problem.js';
import { MESSAGES } from '../domain/messages/messages.js';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiTags } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CallerNow, memberOf, type Caller } from '../platform/access/caller.js';
import { Problem } from '../platform/http/problem.js';
import { Schemas } from '../platform/http/schemas.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { inScope } from '../platform/database/in-scope.js';
import { alwaysAsked, OPTIONAL, type Precondition } from '../domain/preconditions/index.js';
import { KINDS, type Kind } from '../domain/procedure/procedure.js';
import { PROCEDURES, stepFor } from '../domain/procedure/procedures.js';
import { dateOf } from '../domain/working-days.js';
import { ChangeKindName, ChangeKindView } from './change-kinds.dto.js';
import { DETAILS_INPUT } from './details.js';
import { PolicyStore } from '../policies/policies.store.js';
import { AnyOffice } from '../platform/access/may-call.js';

@ApiTags('change requests')
@ApiBearerAuth()
@ApiExtraModels(...Object.values(DETAILS_INPUT))
@AnyOffice()
@Controller('change-kinds')
export class ChangeKindsController {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PolicyStore) private readonly policies: PolicyStore,
    @Inject(Schemas) private readonly schemas: Schemas,
  ) {}

  /** Lists the kinds of change. What one needs is at `GET /change-kinds/{kind}`. */
  @Get()
  list(): ChangeKindName[] {
    return KINDS.map((kind) => {
      const { title, article, filedBy } = PROCEDURES[kind];
      return { kind, title: told(title), article, filedBy };
    });
  }

  /** Shows what a kind needs under the caller's policy: details, evidence, steps. */
  @Get(':kind')
  async show(@CallerNow() caller: Caller, @Param('kind') kind: string): Promise<ChangeKindView> {
    const procedure = PROCEDURES[kind as Kind];
    if (!KINDS.includes(kind as Kind)) throw new Problem('not-found');
    const policy = await inScope(this.db, caller, async (tx) => {
      const [row] = await tx.query<{ province: string }[]>(
        'select coalesce(province_id, id) as province from organisation where id = any($1) order by level desc limit 1',
        [memberOf(caller)],
      );
      return this.policies.inForce(tx, row?.province, dateOf(this.clock.now()));
    });
    const rules = policy.kinds[procedure.kind];
    return {
      kind,
      title: `${procedure.title.zh} ${procedure.title.en}`,
      article: procedure.article,
      filedBy: procedure.filedBy,
      detailsSchema: this.schemas.of(DETAILS_INPUT[procedure.kind]),
      evidence: {
        least: rules.leastEvidence,
        documents: rules.evidence.map(told),
        items: rules.evidence.flatMap(({ id, zh, en, grounds }) =>
          id === undefined ? [] : [{ id, title: told({ zh, en }), grounds: grounds ? [...grounds] : null }],
        ),
        mediaTypes: ['application/pdf', 'image/jpeg', 'image/png'],
      },
      steps: rules.order.flatMap((party) => {
        const step = stepFor(procedure.kind, party);
        if (!step) return [];
        const { title, office, workingDays } = step;
        return { party, title: told(title), office, workingDays: rules.workingDays[party] ?? workingDays };
      }),
      deadlineScope: rules.deadlineScope,
      policy: { id: policy.id, version: policy.version },
      rules: [...rules.rules],
      preconditions: rules.rules
        .filter((rule) => OPTIONAL[rule].kinds.includes(procedure.kind))
        .map((rule) => preconditionView({ rule, code: OPTIONAL[rule].code })),
      always: alwaysAsked(procedure.kind).map(preconditionView),
    };
  }
}

const preconditionView = ({ rule, code }: Precondition) => ({ rule, code, message: told(MESSAGES[code]), remedy: remedyTold(code) });
