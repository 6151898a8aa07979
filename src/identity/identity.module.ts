import { Module } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { CONFIG } from '../platform/config.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { LOG } from '../platform/log.js';
import { identityFrom } from './identity-from.js';
import { IDENTITY } from './identity.js';

/** The authentication of identity documents. */
@Module({
  providers: [{ provide: IDENTITY, inject: [CONFIG, getDataSourceToken(), FieldCipher, LOG], useFactory: identityFrom }],
  exports: [IDENTITY],
})
export class IdentityModule {}
