import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { OrderDetail, OrderPage, OrderQuery, OrderView, PlaceOrder, ReplyToOrder, RuleOnReply, WithdrawOrder } from './orders.dto.js';
import { Orders } from './orders.service.js';
import { ReadersOf, ForOffices, JudgedFor } from '../platform/access/may-call.js';

@ApiTags('supervision')
@ApiBearerAuth()
@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: Orders) {}

  /** 责令: a superior's supervisor orders a school to file a change for a student, or to act on findings, by a date. */
  @ForOffices('authoritySupervisor')
  @Post()
  place(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: PlaceOrder): Promise<OrderView> {
    return this.orders.place(caller, keyed, body);
  }

  /** Lists the orders to the caller's schools or to those below the caller's authorities, newest first. */
  @ReadersOf('contents')
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: OrderQuery): Promise<OrderPage> {
    return this.orders.list(caller, query);
  }

  /** Shows one order with its findings and timeline. */
  @ReadersOf('contents')
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<OrderDetail> {
    return this.orders.show(caller, id);
  }

  /** The school answers in writing; the authority then accepts or refuses the reply. Filing what was ordered answers without a reply. */
  @JudgedFor('schoolClerk', 'schoolReviewer', 'authoritySupervisor')
  @Post(':id/reply')
  @HttpCode(200)
  reply(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: ReplyToOrder): Promise<OrderView> {
    return this.orders.reply(caller, keyed, id, body);
  }

  /** The authority that ordered accepts the reply, or refuses it and sets a new date. */
  @JudgedFor('authoritySupervisor')
  @Post(':id/ruling')
  @HttpCode(200)
  rule(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: RuleOnReply): Promise<OrderView> {
    return this.orders.rule(caller, keyed, id, body);
  }

  /** The authority withdraws the order. */
  @JudgedFor('authoritySupervisor')
  @Post(':id/withdrawal')
  @HttpCode(200)
  withdraw(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: WithdrawOrder): Promise<OrderView> {
    return this.orders.withdraw(caller, keyed, id, body);
  }
}
