import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CallerNow, organisationsOf, type Caller } from '../access/caller.js';
import { Problem } from '../api/problem.js';
import { CLOCK, type Clock } from '../clock.js';
import { inScope } from '../database/in-scope.js';
import { KINDS, type Kind } from '../domain/procedure.js';
import { PROCEDURES } from '../domain/procedures.js';
import { dateOf } from '../domain/working-days.js';
import { ChangeKindView } from './change-kinds.dto.js';
import { PolicyStore } from './policy-store.js';

const uuid = { type: 'string', format: 'uuid' } as const;
const date = { type: 'string', format: 'date' } as const;

const DETAILS: Readonly<Record<Kind, object>> = {
  transfer: {
    type: 'object',
    properties: { destinationSchoolId: uuid, jointProgrammeId: uuid, effectiveOn: date },
    required: ['destinationSchoolId'],
    additionalProperties: false,
  },
  crossTrackTransfer: {
    type: 'object',
    properties: {
      student: {
        type: 'object',
        properties: { studentNumber: { type: 'string', minLength: 19, maxLength: 19 }, name: { type: 'string', maxLength: 60 } },
        required: ['studentNumber', 'name'],
        additionalProperties: false,
      },
      destinationSchoolId: uuid,
      effectiveOn: date,
    },
    required: ['student'],
    additionalProperties: false,
  },
};

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('change-kinds')
export class ChangeKindsController {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PolicyStore) private readonly policies: PolicyStore,
  ) {}

  /** What a kind needs under the caller's policy: details, evidence, steps. */
  @Get(':kind')
  async show(@CallerNow() caller: Caller, @Param('kind') kind: string): Promise<ChangeKindView> {
    const procedure = PROCEDURES[kind as Kind];
    if (!KINDS.includes(kind as Kind)) throw new Problem('not-found');
    const policy = await inScope(this.db, caller, async (tx) => {
      const [row] = await tx.query<{ province: string }[]>(
        'select coalesce(province_id, id) as province from organisation where id = any($1) order by level desc limit 1',
        [organisationsOf(caller)],
      );
      return this.policies.inForce(tx, row?.province, dateOf(this.clock.now()));
    });
    const rules = policy.kinds[procedure.kind];
    return {
      ...{ kind, title: `${procedure.title.zh} ${procedure.title.en}`, article: procedure.article, filedBy: procedure.filedBy },
      detailsSchema: DETAILS[procedure.kind],
      evidence: { least: rules.leastEvidence, mediaTypes: ['application/pdf', 'image/jpeg', 'image/png'] },
      steps: rules.order.flatMap((party) =>
        procedure.steps
          .filter((step) => step.party === party)
          .map(({ title, office, workingDays }) => ({
            party,
            title: `${title.zh} ${title.en}`,
            office,
            workingDays: rules.workingDays[party] ?? workingDays,
          })),
      ),
      policy: { id: policy.id, version: policy.version },
      rules: [...rules.rules],
    };
  }
}
