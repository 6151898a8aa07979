import pg from 'pg';
import { statutoryDays } from '../../../src/domain/statutory-days.js';
import { addDays, dateOf, instantOf, type PlainDate } from '../../../src/domain/working-days.js';
import { amended, APPROVER, DRAFTER, draftOf, type Day } from '../../fixtures/calendar.js';
import { as } from '../../fixtures/client.js';
import { Demonstration, withinACounty } from '../../fixtures/demonstration.js';
import { staySignedIn } from '../../fixtures/owner.js';
import { Story, until, type Detail } from '../../fixtures/story.js';
import { startProgram, type Program } from '../../fixtures/program.js';
import { startSystem, type System } from '../../fixtures/system.js';

type Entry = Detail['timeline'][number] & { at: string; level?: number; dueFrom?: string; dueTo?: string };
interface Move {
  phase: string;
  moved: number;
  annotated: number;
}

/** The State Council's days of January and February 2020: as first published, and as extended on 26 January. */
const PUBLISHED: readonly (readonly [date: string, kind: Day['kind']])[] = [
  ...['2020-01-24', '2020-01-27', '2020-01-28', '2020-01-29', '2020-01-30'].map((date) => [date, 'holiday'] as const),
  ...['2020-01-19', '2020-02-01'].map((date) => [date, 'makeupWorkday'] as const),
];
const EXTENDED: typeof PUBLISHED = [...PUBLISHED.filter(([date]) => date !== '2020-02-01'), ['2020-01-31', 'holiday']];

/** The note beside an escalation, that its deadline has moved, is written only when nobody holds the lock 2020. */
const HELD_UP = `
  create function held_up() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(2020); return new; end $$;
  create trigger held_up before insert on act for each row when (new.kind = 'deadlineMoved') execute function held_up()`;

/**
 * The winter of 2020 again, so many whole weeks later that it lies ahead of today and within one year: the weekdays stay what they were,
 * and Temporal's time, which only passes, comes there. No statutory day of that year is among its days.
 */
function weeksLater(today: PlainDate): (date: string) => PlainDate {
  for (let days = 7; ; days += 7) {
    const [from, to] = [addDays('2020-01-10', days), addDays('2020-02-28', days)];
    const own = statutoryDays().some(({ date }) => from <= date && date <= to);
    if (from > today && from.slice(0, 4) === to.slice(0, 4) && !own) return (date) => addDays(date, days);
  }
}

describe('the Spring Festival of 2020, carried through by workers that are killed in the middle (A8)', () => {
  let system: System;
  let demo: Demonstration;
  let then: (date: string) => PlainDate;
  let worker: Program;
  let other: pg.Client;
  beforeAll(async () => {
    system = await startSystem({ engine: 'time-skipping', worker: false });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    then = weeksLater(system.time.today());
    other = new pg.Client({ connectionString: system.databaseUrl });
    await other.connect();
    await system.time.passTo(then('2020-01-10'));
    await amended(system, table(PUBLISHED));
    worker = await started();
  });
  afterAll(async () => {
    await worker?.kill();
    await other?.end();
    await system?.stop();
  });

  const table = (days: typeof PUBLISHED) =>
    draftOf(
      Number(then('2020-01-10').slice(0, 4)),
      days.map(([date, kind]) => ({ date: then(date), kind, name: '春节' })),
    );

  /** A worker process of its own, in the test's time. */
  async function started(): Promise<Program> {
    const { program, ready } = startProgram({
      script: 'test/fixtures/worker-in-time',
      args: [system.time.file, 'uncached'],
      env: { ...system.env, LOG_LEVEL: 'info' },
      dir: system.config.dataDir,
    });
    await ready;
    return program;
  }
  const entries = async (story: Story, kind: string) =>
    (await story.show()).timeline.filter((entry) => entry.kind === kind) as unknown as Entry[];
  /** What went out for a request, with the day of each, as days of 2020. */
  async function sent(story: Story): Promise<string[]> {
    const { rows } = await other.query<{ key: string; at: Date }>(
      `select key, at from act where stream_id = $1 and kind in ('reminded', 'escalated') order by seq`,
      [story.id],
    );
    return rows.map(({ key, at }) => `${key.replace(/:.*:/, ' ')} ${in2020(dateOf(at.getTime()))}`);
  }
  const in2020 = (date: PlainDate): string => addDays(date, (Date.parse('2020-01-10') - Date.parse(then('2020-01-10'))) / 86_400_000);
  const shows = (story: Story, what: readonly string[]) =>
    until(() => sent(story), (now) => now.join() === what.join(), what.join()); // prettier-ignore
  const due = async (story: Story) => in2020((await story.task('sourceSchool')).dueDate);

  it('moves every deadline once, sends each message once on its day, and keeps beside what was right then what is right now', async () => {
    await system.time.passTo(then('2020-01-17'));
    const [late, silent] = [
      await Story.transfer(system, demo, withinACounty(demo)),
      await Story.transfer(system, demo, withinACounty(demo)),
    ];
    expect([await due(late), await due(silent)]).toEqual(['2020-02-05', '2020-02-05']);
    await system.time.passTo(then('2020-01-23'));
    const open = await Story.transfer(system, demo, withinACounty(demo));
    expect(await due(open)).toBe('2020-02-12');

    await system.time.passTo(then('2020-02-01'));
    await shows(silent, ['reminded 3 2020-02-01']);
    await system.time.passTo(then('2020-02-04'));
    await shows(silent, ['reminded 3 2020-02-01', 'reminded 1 2020-02-04']);
    await system.time.passTo(then('2020-02-06'));
    const under2020 = ['reminded 3 2020-02-01', 'reminded 1 2020-02-04', 'escalated 1 2020-02-06'];
    for (const story of [late, silent]) await shows(story, under2020);
    const decided = await late.task('sourceSchool');
    expect((await late.decide('approve')).body).toMatchObject({ decidedLate: true, decidedLateReevaluated: true });
    await late.task('destinationSchool');

    // The worker that moves the deadlines is killed in the middle: the tasks have moved, the note beside an escalation is being written.
    await other.query(HELD_UP);
    await other.query('select pg_advisory_lock(2020)');
    const approved = await approvedExtension();
    await until(heldUp, (n) => n === 1, 'the worker to stand in the middle of the move');
    expect(await moveOf(approved)).toMatchObject({ phase: 'notes', moved: 2, annotated: 0 });
    await worker.kill();
    await other.query('select pg_advisory_unlock(2020)');
    expect(await entries(silent, 'deadlineMoved')).toEqual([]);
    worker = await started();
    const over = await until(() => moveOf(approved), ({ phase }) => phase === 'done', 'the move to be over'); // prettier-ignore
    expect(over).toMatchObject({ moved: 2, annotated: 1 });
    expect([await due(open), await due(silent)]).toEqual(['2020-02-14', '2020-02-07']);
    const reviewer = await late.reviewer({ holder: { id: late.source.id } });
    expect((await reviewer.get(`/tasks/${decided.id}`)).body).toMatchObject({
      dueDate: decided.dueDate,
      decidedLate: true,
      decidedLateReevaluated: false,
    });
    expect(await entries(silent, 'deadlineMoved')).toMatchObject([{ dueFrom: then('2020-02-05'), dueTo: then('2020-02-07') }]);

    // And the next one between the approval and the first message by the new days.
    await worker.kill();
    worker = await started();
    await system.time.passTo(then('2020-02-10'), 20);
    expect([await sent(open), await sent(silent)]).toEqual([[], under2020]);
    await system.time.passTo(then('2020-02-11'));
    await shows(open, ['reminded 3 2020-02-11']);
    await system.time.passTo(then('2020-02-13'));
    await system.time.passTo(then('2020-02-17'));
    await shows(open, ['reminded 3 2020-02-11', 'reminded 1 2020-02-13', 'escalated 1 2020-02-17']);
    await shows(silent, [...under2020, 'escalated 2 2020-02-17']);
    expect([await entries(open, 'deadlineMoved'), (await entries(silent, 'deadlineMoved')).length]).toEqual([[], 1]);
    expect(system.time.now()).toBeLessThan(instantOf(then('2020-02-18')));
  });

  async function approvedExtension(): Promise<string> {
    const { body } = await (await as(system, DRAFTER)).post<{ id: string; preview: object }>('/calendar/amendments', table(EXTENDED));
    expect((await (await as(system, APPROVER)).post(`/calendar/amendments/${body.id}/approval`)).status).toBe(200);
    return body.id;
  }
  const heldUp = async () =>
    (await other.query(`select 1 from pg_locks where locktype = 'advisory' and objid = 2020 and not granted`)).rowCount;
  const moveOf = async (id: string): Promise<Move> =>
    (await (await as(system, DRAFTER)).get<{ move: Move }>(`/calendar/amendments/${id}`)).body.move;
});
