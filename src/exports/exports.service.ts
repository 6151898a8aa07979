import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { handlingAt } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';
import type { JobView } from '../jobs/jobs.dto.js';
import { Jobs } from '../jobs/jobs.service.js';
import type { Caller } from '../platform/access/caller.js';
import { Quotas } from '../platform/access/quotas.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { inScope } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import type { StartExport } from './exports.dto.js';
import { exportKind, type ExportParams } from './export-jobs.js';

/** Large figures and lists as jobs 导出. The right is judged here: the job keeps to the organisations that the caller reads. */
@Injectable()
export class FigureExports {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly quotas: Quotas,
    private readonly jobs: Jobs,
  ) {}

  /** @throws Problem invalid-input for doubts as a workbook; daily-limit-reached */
  start(caller: Caller, { what, format, ...asked }: StartExport): Promise<JobView> {
    if (what === 'doubts' && format !== 'csv')
      throw new Problem('invalid-input', { errors: [{ pointer: '/format', detail: FIELD_FAULTS.oneOf(['csv']) }] });
    const organisations = handlingAt(caller);
    const params: ExportParams = {
      what,
      organisations,
      today: dateOf(this.clock.now()),
      query: { ...(what === 'doubts' ? {} : asked[what]) },
    };
    return this.quotas.telling(caller, () =>
      inScope(this.db, caller, async (tx) => {
        await this.quotas.spend(tx, caller, 'exports');
        return this.jobs.start(tx, caller, { kind: exportKind(format), organisationId: organisations[0] ?? '', params });
      }),
    );
  }
}
