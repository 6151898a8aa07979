import { rm } from 'node:fs/promises';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { finalize, type Observable } from 'rxjs';

/** Removes an uploaded file when its request ends, also when the request was refused before its handler began. */
@Injectable()
export class SweptUpload implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { file } = context.switchToHttp().getRequest<Request>();
    return next.handle().pipe(finalize(() => void (file && rm(file.path, { force: true }).catch(() => undefined))));
  }
}
