import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { JudgedFor, ReadersOf, SignedIn } from '../platform/access/may-call.js';
import {
  AnswerDoubts,
  AnsweredDoubts,
  DoubtCounts,
  DoubtCountsQuery,
  DoubtPage,
  DoubtQuery,
  DoubtRuleList,
  DrawSample,
  SampleView,
} from './data-checks.dto.js';
import { DOUBT_RULE_CODES, DOUBT_RULES } from './doubt-rules.js';
import { Doubts } from './doubts.service.js';
import { Samples } from './samples.service.js';

@ApiTags('data checks')
@ApiBearerAuth()
@Controller('data-checks')
export class DataChecksController {
  constructor(
    private readonly doubts: Doubts,
    private readonly samples: Samples,
  ) {}

  /** 核查规则: lists the rules with what each stands on. */
  @SignedIn()
  @Get('rules')
  rules(): DoubtRuleList {
    return {
      items: DOUBT_RULE_CODES.map((code) => {
        const { name, basis, purposes } = DOUBT_RULES[code];
        return { code, name, basis, purposes: [...purposes] };
      }),
    };
  }

  /** 疑点: lists what the rules find of a school's students today, with what the school answers. */
  @ReadersOf('contents')
  @Get('doubts')
  list(@CallerNow() caller: Caller, @Query() query: DoubtQuery): Promise<DoubtPage> {
    return this.doubts.list(caller, query);
  }

  /** Counts the doubts at a school by rule, and how many are answered. */
  @ReadersOf('contents')
  @Get('counts')
  counts(@CallerNow() caller: Caller, @Query() { schoolId }: DoubtCountsQuery): Promise<DoubtCounts> {
    return this.doubts.counts(caller, schoolId);
  }

  /** 核实: the school's clerk answers doubts, all of the list or none. An answer lapses when the rule sees something else. */
  @JudgedFor('schoolClerk')
  @Post('answers')
  @HttpCode(200)
  answer(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: AnswerDoubts): Promise<AnsweredDoubts> {
    return this.doubts.answer(caller, keyed, body);
  }

  /** 抽查: an authority draws a list of students for an inspection, by a seed that it states. */
  @JudgedFor('authorityReviewer', 'authoritySupervisor')
  @Post('samples')
  @HttpCode(200)
  sample(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: DrawSample): Promise<SampleView> {
    return this.samples.draw(caller, keyed, body);
  }
}
