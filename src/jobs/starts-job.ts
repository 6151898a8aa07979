import {
  applyDecorators,
  HttpCode,
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ApiAcceptedResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { tap, type Observable } from 'rxjs';
import { JobView } from './jobs.dto.js';

@Injectable()
class LocationOfJob implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<JobView>): Observable<JobView> {
    const response = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(tap(({ id }) => void response.location(`/api/v1/jobs/${id}`)));
  }
}

/** A route that starts a job and answers it: 202, and in `Location` where it is to be asked for. */
export const StartsJob = (): MethodDecorator =>
  applyDecorators(
    HttpCode(202),
    UseInterceptors(LocationOfJob),
    ApiAcceptedResponse({
      type: JobView,
      headers: { Location: { description: 'Where the job is to be asked for', schema: { type: 'string', format: 'uri-reference' } } },
    }),
  );
