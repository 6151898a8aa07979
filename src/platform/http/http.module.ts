import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { Cursors } from './cursor.js';
import { ProblemFilter } from './problem.filter.js';
import { Schemas } from './schemas.js';
import { validationPipe } from './validation.js';

/** How every route takes and answers: inputs are validated, failures leave as problems, lists are paged. */
@Module({
  providers: [Cursors, Schemas, { provide: APP_PIPE, useFactory: validationPipe }, { provide: APP_FILTER, useClass: ProblemFilter }],
  exports: [Cursors, Schemas],
})
export class HttpModule {}
