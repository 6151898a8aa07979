import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { PerMinute } from '../platform/access/rate-limit.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { Batch } from './batch.service.js';
import { Inbox } from './inbox.service.js';
import { Delegations } from './delegations.service.js';
import { Retractions } from './retractions.service.js';
import {
  BatchAnswer,
  BatchDecisions,
  CandidateView,
  Decision,
  Delegation,
  DelegationAnswer,
  Reassignment,
  Retraction,
  TaskDetail,
  TaskCounts,
  TaskPage,
  TaskQuery,
  TaskSearch,
} from './tasks.dto.js';
import { SubjectView } from './subject.dto.js';
import { Subjects } from './subject.service.js';
import { Tasks } from './tasks.service.js';
import { TaskUrge, UrgeAnswer } from './urges.dto.js';
import { Urges } from './urges.service.js';
import { AnyOffice, ForServices, JudgedFor, ReadersOf } from '../platform/access/may-call.js';
import { REVIEWING, BY_PROXY } from '../domain/offices.js';

@ApiTags('tasks')
@ApiBearerAuth()
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly tasks: Tasks,
    private readonly inbox: Inbox,
    private readonly batch: Batch,
    private readonly delegations: Delegations,
    private readonly retractions: Retractions,
    private readonly urges: Urges,
    private readonly subjects: Subjects,
  ) {}

  /** Lists the inbox of the caller's offices, most urgent first. A supervisor also sees the tasks that were escalated. */
  @AnyOffice()
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: TaskQuery): Promise<TaskPage> {
    return this.inbox.list(caller, query);
  }

  /** Searches the same list by a student's name or student number too, which no address may hold. */
  @ReadersOf('contents')
  @ForServices('reading')
  @Post('search')
  @PerMinute('lookup', { address: 120, person: 60, organisation: 300 })
  @HttpCode(200)
  search(@CallerNow() caller: Caller, @Body() { student, ...query }: TaskSearch): Promise<TaskPage> {
    return this.inbox.list(caller, query, student);
  }

  /** Counts the tasks that a list with the same filters holds, by kind, step and due state; ten thousand at most. */
  @AnyOffice()
  @Get('counts')
  counts(@CallerNow() caller: Caller, @Query() query: TaskQuery): Promise<TaskCounts> {
    return this.inbox.counts(caller, query);
  }

  /** Decides many tasks, each on its own, with a result for each. A dry run says what each would be answered. */
  @JudgedFor(...REVIEWING)
  @ForServices('decisions')
  @Post('decisions')
  @HttpCode(200)
  decideMany(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() { items, dryRun }: BatchDecisions): Promise<BatchAnswer> {
    return dryRun ? this.batch.tryOut(caller, items) : this.batch.decide(caller, keyed, items);
  }

  /** Shows one task, with the verdicts that the caller may give and the schema of a decision's data. */
  @ReadersOf('cases')
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<TaskDetail> {
    return this.tasks.show(caller, id);
  }

  /** Lists who holds the task's office at its holder, and could take it: for `reassignment` and `delegation`. */
  @ReadersOf('cases')
  @Get(':id/candidates')
  candidates(@CallerNow() caller: Caller, @Id() id: string): Promise<CandidateView[]> {
    return this.tasks.candidates(caller, id);
  }

  /**
   * Shows whom an open task is about: the student, what was registered, suspended and changed before, and what was handed in. Of a
   * correction it has old beside new, of a ruling both sides. It is for the task's office, who supervises it, and who is asked about it.
   */
  @ReadersOf('contents')
  @Get(':id/subject')
  subject(@CallerNow() caller: Caller, @Id() id: string): Promise<SubjectView> {
    return this.subjects.show(caller, id);
  }

  /** Decides a task 核办 and answers the decided task. */
  @JudgedFor(...REVIEWING)
  @ForServices('decisions')
  @Post(':id/decision')
  @HttpCode(200)
  decide(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Decision): Promise<TaskDetail> {
    return this.tasks.decide(caller, keyed, id, body);
  }

  /** 收回: retracts the caller's own decision, while nobody has claimed or decided what follows from it. */
  @JudgedFor(...BY_PROXY)
  @Post(':id/retraction')
  @HttpCode(200)
  retract(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Retraction): Promise<TaskDetail> {
    return this.retractions.retract(caller, keyed, id, body);
  }

  /** 委派: asks a colleague of the same office to look into the task and answer. Nobody decides until then. */
  @JudgedFor(...BY_PROXY)
  @Post(':id/delegation')
  @HttpCode(200)
  delegate(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Delegation): Promise<TaskDetail> {
    return this.delegations.delegate(caller, keyed, id, body);
  }

  /** The colleague answers, and the task returns to the delegator. */
  @JudgedFor(...BY_PROXY)
  @Post(':id/delegation/answer')
  @HttpCode(200)
  answerDelegation(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: DelegationAnswer,
  ): Promise<TaskDetail> {
    return this.delegations.answer(caller, keyed, id, body);
  }

  /** The delegator takes the task back without an answer. */
  @JudgedFor(...BY_PROXY)
  @Post(':id/delegation/withdrawal')
  @HttpCode(200)
  withdrawDelegation(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string): Promise<TaskDetail> {
    return this.delegations.withdraw(caller, keyed, id);
  }

  /** Claims the task for the caller, until the claim is released or lapses. */
  @JudgedFor(...BY_PROXY, 'schoolClerk')
  @Post(':id/claim')
  @HttpCode(200)
  claim(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string): Promise<TaskDetail> {
    return this.tasks.claim(caller, keyed, id);
  }

  /** Releases a claimed task to its office. */
  @JudgedFor(...BY_PROXY, 'schoolClerk')
  @Post(':id/release')
  @HttpCode(200)
  release(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string): Promise<TaskDetail> {
    return this.tasks.release(caller, keyed, id);
  }

  /**
   * Reassigns the task to another person of the same office 转办. A claimed task may be reassigned only by its claimant, a supervisor or an
   * operator.
   */
  @JudgedFor('schoolClerk', ...REVIEWING, 'operator')
  @Post(':id/reassignment')
  @HttpCode(200)
  reassign(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Reassignment): Promise<TaskDetail> {
    return this.tasks.reassign(caller, keyed, id, body);
  }

  /** The superior to whom an overdue task was escalated urges its holder 督办. The urge may ask for an answer by a day. */
  @JudgedFor('authoritySupervisor')
  @Post(':id/urge')
  @HttpCode(200)
  urge(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: TaskUrge): Promise<TaskDetail> {
    return this.urges.urge(caller, keyed, id, body);
  }

  /** The holder answers a superior's urge that asks for an answer. */
  @JudgedFor(...BY_PROXY, 'schoolClerk')
  @Post(':id/urge/answer')
  @HttpCode(200)
  answerUrge(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: UrgeAnswer): Promise<TaskDetail> {
    return this.urges.answer(caller, keyed, id, body);
  }
}
