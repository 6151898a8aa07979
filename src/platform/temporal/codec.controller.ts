import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import type { Words } from '../../domain/messages/words.js';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Problem } from '../http/problem.js';
import { CONFIG, type Config } from '../config.js';
import { EncryptingCodec, Undecodable } from './payload-codec.js';
import { ForOffices } from '../access/may-call.js';

const { Payloads } = proto.temporal.api.common.v1;
const MOST_PAYLOADS = 1000;
const PAYLOADS = {
  type: 'object',
  properties: { payloads: { type: 'array', maxItems: MOST_PAYLOADS, items: { type: 'object', additionalProperties: true } } },
} as const;

/** The codec endpoint decrypts for signed-in operators, because with a payload key the Temporal Web UI would be unreadable. */
@ApiTags('operations')
@ApiBearerAuth()
@ForOffices('operator')
@Controller('codec')
export class CodecController {
  private readonly codec?: EncryptingCodec;

  constructor(@Inject(CONFIG) { payloadKey }: Config) {
    if (payloadKey) this.codec = new EncryptingCodec(payloadKey);
  }

  /** Decodes payloads for operators, as the Temporal Web UI and CLI ask. */
  @Post('decode')
  @HttpCode(200)
  @ApiBody({ schema: PAYLOADS })
  @ApiOkResponse({ schema: PAYLOADS })
  async decode(@Body() body: Record<string, unknown>): Promise<object> {
    const payloads = payloadsIn(body);
    const decoded = this.codec ? await this.codec.decode(payloads).catch(refuseUndecodable) : payloads;
    return Payloads.toObject(Payloads.create({ payloads: decoded }), { bytes: String });
  }
}

const wrong = (detail: Words): Problem => new Problem('invalid-input', { errors: [{ pointer: '/payloads', detail }] });

function payloadsIn(body: Record<string, unknown>): Payload[] {
  if (!Array.isArray(body.payloads) || body.payloads.length > MOST_PAYLOADS) throw wrong(FIELD_FAULTS.tooMany(MOST_PAYLOADS));
  try {
    return Payloads.fromObject(body).payloads as Payload[];
  } catch {
    throw wrong(FIELD_FAULTS.notList);
  }
}

function refuseUndecodable(error: unknown): never {
  throw error instanceof Undecodable ? wrong(FIELD_FAULTS.noKey) : error;
}
