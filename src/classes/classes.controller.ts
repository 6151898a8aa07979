import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { ForServices, JudgedFor, ReadersOf } from '../platform/access/may-call.js';
import { Id } from '../platform/http/id.js';
import { ChangeClass, ClassPage, ClassQuery, ClassView, MakeClass, MergeClass, PlacedStudents, PlaceStudents } from './classes.dto.js';
import { Classes } from './classes.service.js';

@ApiTags('classes')
@ApiBearerAuth()
@Controller('schools/:id/classes')
export class ClassesController {
  constructor(private readonly classes: Classes) {}

  /** Lists the classes of a school by grade and name, with how many students are in each. */
  @ReadersOf('contents')
  @Get()
  list(@CallerNow() caller: Caller, @Id() id: string, @Query() query: ClassQuery): Promise<ClassPage> {
    return this.classes.list(caller, id, query);
  }

  /** The school's clerk makes a class of a grade and major. */
  @JudgedFor('schoolClerk')
  @ForServices('rosters')
  @Post()
  make(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: MakeClass): Promise<ClassView> {
    return this.classes.make(caller, keyed, id, body);
  }

  /** Changes name, head teacher or size of a class. Its students are in the class of the new name from today on. */
  @JudgedFor('schoolClerk')
  @ForServices('rosters')
  @Patch(':classId')
  change(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Id('classId') classId: string,
    @Body() body: ChangeClass,
  ): Promise<ClassView> {
    return this.classes.change(caller, keyed, id, classId, body);
  }

  /** 编班: places or moves students of the school by list, from a day on, all of them or none. */
  @JudgedFor('schoolClerk')
  @ForServices('rosters')
  @Post(':classId/students')
  @HttpCode(200)
  place(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Id('classId') classId: string,
    @Body() body: PlaceStudents,
  ): Promise<PlacedStudents> {
    return this.classes.place(caller, keyed, id, classId, body);
  }

  /** 并班: moves all students into another class of the same grade and major, and closes this one. */
  @JudgedFor('schoolClerk')
  @Post(':classId/merger')
  @HttpCode(200)
  merge(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Id('classId') classId: string,
    @Body() body: MergeClass,
  ): Promise<ClassView> {
    return this.classes.merge(caller, keyed, id, classId, body);
  }

  /** 撤班: closes a class that no active student is in. */
  @JudgedFor('schoolClerk')
  @Post(':classId/closure')
  @HttpCode(200)
  close(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Id('classId') classId: string): Promise<ClassView> {
    return this.classes.close(caller, keyed, id, classId);
  }
}
