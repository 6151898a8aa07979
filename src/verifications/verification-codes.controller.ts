import { Body, Controller, Delete, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { StudentNow, type StudentCaller } from '../platform/access/caller.js';
import { ForStudent } from '../platform/access/may-call.js';
import { Id } from '../platform/http/id.js';
import { IssuedVerificationCode, NewVerificationCode } from './verification-codes.dto.js';
import { VerificationCodes } from './verification-codes.service.js';

@ApiTags('own dossier')
@ApiBearerAuth()
@ForStudent()
@Controller('verification-codes')
export class VerificationCodesController {
  constructor(private readonly codes: VerificationCodes) {}

  /** Makes a verification code 核验码 for an employer or whoever else the student gives it to. It is shown once. */
  @Post()
  issue(@StudentNow() student: StudentCaller, @Body() body: NewVerificationCode): Promise<IssuedVerificationCode> {
    return this.codes.issue(student, body);
  }

  /** Takes a code back. From then on it verifies nothing. */
  @Delete(':id')
  @HttpCode(204)
  revoke(@StudentNow() student: StudentCaller, @Id() id: string): Promise<void> {
    return this.codes.revoke(student, id);
  }
}
