import { Body, Controller, Delete, HttpCode, Ip, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { StudentNow, type StudentCaller } from '../platform/access/caller.js';
import { ForStudent, Public } from '../platform/access/may-call.js';
import { PerMinute } from '../platform/access/rate-limit.js';
import { StudentCredentials, StudentSessionView } from './student-sessions.dto.js';
import { StudentSessions } from './student-sessions.service.js';

@ApiTags('own dossier')
@Controller('student-sessions')
export class StudentSessionsController {
  constructor(private readonly sessions: StudentSessions) {}

  /** Signs a student or guardian in by document, student number and one-time code. Five wrong tries end the code. */
  @Public()
  @PerMinute('student-sessions', { address: 60 })
  @Post()
  open(@Body() credentials: StudentCredentials, @Ip() address: string): Promise<StudentSessionView> {
    return this.sessions.open(credentials, address);
  }

  /** Signs out. The token ends at once. */
  @ApiBearerAuth()
  @ForStudent()
  @Delete('current')
  @HttpCode(204)
  close(@StudentNow() student: StudentCaller): Promise<void> {
    return this.sessions.close(student);
  }
}
