import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Response } from 'express';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { watchingAt } from '../domain/offices.js';
import type { Caller } from '../platform/access/caller.js';
import { CLOCK, systemClock, type Clock } from '../platform/clock.js';
import { inScope } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { LOG } from '../platform/log.js';
import { periodically, type Periodic } from '../platform/periodic.js';
import { AT_ONCE, feedAfter, jobsOf, notificationsAfter, placeNow, stillSignedIn } from './live.store.js';
import type { LiveFeedRow, JobRow, LiveNotificationRow, LivePlace } from './live.store.js';
import { LiveConnection, READY, RESET, type LiveMessage } from './live-connection.js';

/** Milliseconds. Relay and notifications take half a second each before, so a change shows within two seconds. */
const LOOK_EVERY = 500;
const BEAT_EVERY = 15_000;
const LONGEST_STUCK = 30_000;
/** A client connects again then, and another process may take it: so load moves to processes that were started later. */
const LIFETIME = 3_600_000;
/** Standing is asked before anything is told, and at least this often. */
const STANDING_EVERY = 2000;
/** Connections: a browser has some tabs open, and a process so many sockets. */
const MOST_OF_A_PERSON = 10;
const MOST = 2000;
/** What is kept for readers who come again, and what one look tells a reader at most; who missed more is told `reset`. */
const KEPT = 2 * AT_ONCE;
const MOST_AT_ONCE = 100;

/** Something that happened, and to whom it is told. */
interface Told {
  readonly of: 'events' | 'notices';
  readonly id: number;
  readonly isFor: (caller: Caller, organisations: ReadonlySet<string>) => boolean;
  readonly message: LiveMessage;
}

const ofRequest = ({ id, requestId, kind, act, taskId, seenBy }: LiveFeedRow): Told[] =>
  requestId === null || seenBy === null
    ? []
    : [
        {
          of: 'events',
          id: Number(id),
          isFor: (_, organisations) => seenBy.some((one) => organisations.has(one)),
          message: { event: 'request', data: { requestId, kind, act, ...(taskId === null ? {} : { taskId }) } },
        },
      ];

const ofNotice = ({ id, personId, kind }: LiveNotificationRow): Told => ({
  of: 'notices',
  id: Number(id),
  isFor: (caller) => caller.personId === personId,
  message: { event: 'notification', data: { id, kind } },
});

interface Found {
  readonly news: readonly Told[];
  readonly moved: readonly JobRow[];
  readonly jobs: readonly JobRow[];
}

/**
 * Tells signed-in people at once that something changed, by ids and kinds alone: each view asks again for what it may see. One loop of the
 * process looks into the feed for all readers. It looks at nothing while nobody reads.
 */
@Injectable()
export class Live implements OnModuleInit, OnModuleDestroy {
  private readonly connections = new Set<LiveConnection>();
  private readonly jobs = new Map<string, string>();
  private kept: Told[] = [];
  /** From where `kept` is whole. */
  private from: LivePlace = { events: 0, notices: 0 };
  private place?: LivePlace;
  private loop?: Periodic;
  private beatAt = 0;
  private standingAt = 0;
  private stopped = false;

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.loop = periodically(LOOK_EVERY, this.log, 'the telling of open pages', () => this.look());
  }

  /** Before the server waits for its connections to end. */
  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    for (const one of this.connections) one.end('shutdown');
    await this.loop?.stop();
  }

  /** @throws Problem too-many-requests, busy */
  open(caller: Caller, response: Response, after: string | undefined): void {
    const own = [...this.connections].filter((one) => one.caller.personId === caller.personId);
    if (own.length >= MOST_OF_A_PERSON) throw new Problem('too-many-requests', { retryAfterSeconds: 60 });
    if (this.stopped || this.connections.size >= MOST) throw new Problem('busy', { retryAfterSeconds: 30 });
    const one = new LiveConnection(caller, after, systemClock.now(), response, () => this.position());
    this.connections.add(one);
    response.on('close', () => this.connections.delete(one));
  }

  private position(): string {
    const { events, notices } = this.place ?? { events: 0, notices: 0 };
    return `${events}-${notices}`;
  }

  /** Whether there may be more. */
  private async look(): Promise<boolean> {
    if (this.connections.size === 0) {
      this.forget();
      return false;
    }
    const now = systemClock.now();
    this.tidy(now);
    const readers = [...this.connections];
    const people = [...new Set(readers.map(({ caller }) => caller.personId))];
    const { feed, notices, jobs, standing } = await inScope(this.db, 'system', async (tx) => {
      this.place ??= this.from = await placeNow(tx);
      const [feed, notices, jobs] = await Promise.all([
        feedAfter(tx, this.place.events),
        notificationsAfter(tx, this.place.notices),
        jobsOf(tx, people, this.clock.now()),
      ]);
      const isAsked = feed.length + notices.length > 0 || now - this.standingAt >= STANDING_EVERY;
      const callers = readers.map(({ caller }) => caller);
      return { feed, notices, jobs, standing: isAsked ? await stillSignedIn(tx, callers, this.clock.now()) : undefined };
    });
    if (standing) this.judge(readers, standing, now);
    const news = [...feed.flatMap(ofRequest), ...notices.map(ofNotice)];
    this.advance(feed, notices, news);
    const moved = this.movedJobs(jobs);
    for (const one of readers) if (this.connections.has(one)) this.tell(one, { news, moved, jobs }, now);
    return feed.length === AT_ONCE || notices.length === AT_ONCE;
  }

  /** Without readers nothing is looked at, so what is kept would have a gap. */
  private forget(): void {
    this.place = undefined;
    this.kept = [];
    this.jobs.clear();
  }

  private tidy(now: number): void {
    for (const one of this.connections)
      if (one.isStuck(now, LONGEST_STUCK)) one.destroy();
      else if (now - one.openedAt > LIFETIME) one.end('lifetime');
    if (now - this.beatAt < BEAT_EVERY) return;
    this.beatAt = now;
    for (const one of this.connections) one.beat(now);
  }

  private judge(readers: readonly LiveConnection[], standing: ReadonlyMap<Caller, Caller>, now: number): void {
    this.standingAt = now;
    for (const one of readers) {
      const caller = standing.get(one.caller);
      if (caller) one.caller = caller;
      else {
        this.connections.delete(one);
        one.end('session');
      }
    }
  }

  private advance(feed: readonly LiveFeedRow[], notices: readonly LiveNotificationRow[], news: readonly Told[]): void {
    const { events, notices: told } = this.place ?? this.from;
    this.place = { events: Number(feed.at(-1)?.id ?? events), notices: Number(notices.at(-1)?.id ?? told) };
    this.kept.push(...news);
    for (const { of, id } of this.kept.splice(0, Math.max(0, this.kept.length - KEPT))) this.from = { ...this.from, [of]: id };
  }

  private tell(one: LiveConnection, { news, moved, jobs }: Found, now: number): void {
    if (!one.told) return this.greet(one, jobs, now);
    one.send(this.bounded([...this.ofWhatIsFor(one, news), ...jobsFor(one, moved)]), now);
  }

  /** Tells a new reader where it stands: what it missed, if all of that is kept. */
  private greet(one: LiveConnection, jobs: readonly JobRow[], now: number): void {
    one.told = true;
    const before = this.before(one.after);
    if (!before) return one.send([one.after === undefined ? READY : RESET], now);
    const missed = this.kept.filter(({ of, id }) => id > before[of]);
    one.send(this.bounded([READY, ...this.ofWhatIsFor(one, missed), ...jobsFor(one, jobs)]), now);
  }

  private ofWhatIsFor({ caller }: LiveConnection, among: readonly Told[]): LiveMessage[] {
    const organisations = new Set(watchingAt(caller));
    return among.filter(({ isFor }) => isFor(caller, organisations)).map(({ message }) => message);
  }

  private bounded(messages: readonly LiveMessage[]): readonly LiveMessage[] {
    return messages.length > MOST_AT_ONCE ? [RESET] : messages;
  }

  /** The place where a reader was before, if all since then is kept. */
  private before(after: string | undefined): LivePlace | undefined {
    const [, events, notices] = /^(\d{1,15})-(\d{1,15})$/.exec(after ?? '') ?? [];
    if (events === undefined || notices === undefined || !this.place) return undefined;
    const before = { events: Number(events), notices: Number(notices) };
    const isKept = before.events >= this.from.events && before.notices >= this.from.notices;
    return isKept && before.events <= this.place.events && before.notices <= this.place.notices ? before : undefined;
  }

  /** Jobs that stand otherwise than at the look before. */
  private movedJobs(rows: readonly JobRow[]): JobRow[] {
    const moved = rows.filter((row) => this.jobs.get(row.id) !== standOf(row));
    this.jobs.clear();
    for (const row of rows) this.jobs.set(row.id, standOf(row));
    return moved;
  }
}

const standOf = ({ state, progress }: JobRow): string => `${state} ${progress}`;
const jobsFor = ({ caller }: LiveConnection, rows: readonly JobRow[]): LiveMessage[] =>
  rows
    .filter(({ personId }) => personId === caller.personId)
    .map(({ id, kind, state, progress }) => ({ event: 'job', data: { id, kind, state, progress } }));
