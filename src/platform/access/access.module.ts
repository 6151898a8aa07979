import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { HttpModule } from '../http/http.module.js';
import { Callers } from './callers.js';
import { OnceOnly } from './idempotency.js';
import { Passwords } from './passwords.js';
import { OfficesGuard } from './offices.guard.js';
import { Quotas } from './quotas.js';
import { RateLimit } from './rate-limit.js';
import { SessionGuard } from './session.guard.js';

/** Authentication and idempotency. Each slice imports it, so that a slice alone is guarded as the whole server is. */
@Module({
  imports: [HttpModule],
  providers: [
    Callers,
    OnceOnly,
    Passwords,
    Quotas,
    { provide: APP_GUARD, useClass: SessionGuard },
    { provide: APP_GUARD, useClass: OfficesGuard },
    { provide: APP_GUARD, useClass: RateLimit },
  ],
  exports: [HttpModule, Callers, OnceOnly, Passwords, Quotas],
})
export class AccessModule {}
