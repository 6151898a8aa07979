import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { PerMinute } from '../platform/access/rate-limit.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { AccessPage, AccessQuery } from './accesses.dto.js';
import { Accesses } from './accesses.service.js';
import { ContactChange, ContactChanged } from './contact.dto.js';
import { Contact } from './contact.service.js';
import { StudentPage, StudentQuery, StudentSearch } from './finding.dto.js';
import { Finding } from './finding.service.js';
import { AsOfQuery, DossierView, StudentLookup, StudentView } from './students.dto.js';
import { Students } from './students.service.js';
import { ForServices, JudgedFor, ReadersOf } from '../platform/access/may-call.js';

@ApiTags('students')
@ApiBearerAuth()
@Controller('students')
export class StudentsController {
  constructor(
    private readonly students: Students,
    private readonly finding: Finding,
    private readonly contact: Contact,
    private readonly accesses: Accesses,
  ) {}

  /**
   * Lists students at the caller's schools or below the caller's authorities, each once. Names and student numbers are whole in the list of
   * the own school. A student who left for another school is no longer in it.
   */
  @ReadersOf('contents')
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: StudentQuery): Promise<StudentPage> {
    return this.finding.list(caller, query);
  }

  /** The same by name or number too. In the own school the beginning of a name, or the end of a number, is enough. */
  @ReadersOf('contents')
  @ForServices('reading')
  @Post('search')
  @PerMinute('search', { address: 600, person: 120, organisation: 1200 })
  @HttpCode(200)
  search(@CallerNow() caller: Caller, @Body() body: StudentSearch): Promise<StudentPage> {
    return this.finding.list(caller, body);
  }

  /** Finds one student by student number or by document, among those whom the caller may see. */
  @ReadersOf('contents')
  @ForServices('reading')
  @Post('lookup')
  @PerMinute('lookup', { address: 120, person: 60, organisation: 300 })
  @HttpCode(200)
  lookup(@CallerNow() caller: Caller, @Body() body: StudentLookup): Promise<StudentView> {
    return this.students.lookup(caller, body);
  }

  /** Shows one student. A former school sees the student as of leaving. */
  @ReadersOf('contents')
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<StudentView> {
    return this.students.show(caller, id);
  }

  /** Shows the dossier 学籍电子档案 as of a day: identity, facts, enrolments and evidence. */
  @ReadersOf('contents')
  @Get(':id/dossier')
  dossier(@CallerNow() caller: Caller, @Id() id: string, @Query() query: AsOfQuery): Promise<DossierView> {
    return this.students.dossier(caller, id, query);
  }

  /**
   * 查阅记录: lists who has read of the student, latest first, for administrators and supervisors of the school and of the authorities above
   * it.
   */
  @JudgedFor('orgAdmin', 'authoritySupervisor')
  @Get(':id/access')
  accessesOf(@CallerNow() caller: Caller, @Id() id: string, @Query() query: AccessQuery): Promise<AccessPage> {
    return this.accesses.list(caller, id, query);
  }

  /** A clerk of the student's school changes telephone, address or the guardian's contact, without a request (A11). */
  @JudgedFor('schoolClerk')
  @Patch(':id/contact')
  changeContact(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: ContactChange,
  ): Promise<ContactChanged> {
    return this.contact.change(caller, keyed, id, body);
  }
}
