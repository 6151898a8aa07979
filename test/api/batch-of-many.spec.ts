import pg from 'pg';
import { audited } from '../fixtures/audit.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

interface Result {
  filed: number;
  items: { status: string; requestId?: string; number?: string; blockers?: { code: string }[] }[];
}

const textOf = (statement: unknown): string => (typeof statement === 'string' ? statement : ((statement as { text?: string }).text ?? ''));

/** Hears what every connection of this process sends, until it is stopped. */
function listening(): { stop: () => (readonly [connection: object, text: string])[] } {
  const heard: (readonly [object, string])[] = [];
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: object, ...sent: unknown[]) {
    heard.push([this, textOf(sent[0])]);
    return Reflect.apply(query, this, sent) as unknown;
  } as typeof query;
  const stop = () => {
    pg.Client.prototype.query = query;
    return heard;
  };
  return { stop };
}

/** How many of the statements belong to transactions of persons: the wakes after a commit, also an earlier filing's, are processes'. */
function ofPersons(statements: readonly (readonly [connection: object, text: string])[]): number {
  const persons = new Set<object>();
  const counted = statements.filter(([connection, text]) => {
    if (text.startsWith('begin') && text.includes(`'process'`)) persons.delete(connection);
    else if (text.startsWith('begin')) persons.add(connection);
    return persons.has(connection);
  });
  return counted.length;
}

/** What the product may send to the database for one batch, however many rows it has. */
const MOST_STATEMENTS = 30;
const ROWS = 500;

describe('filing for 500 students', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  let students: string[];
  let evidenceIds: string[];

  beforeAll(async () => {
    system = await startSystem({ engine: 'server', worker: false });
    demo = await Demonstration.of(system);
    school = demo.schools()[0] as DemoOrganisation;
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    // All who study anywhere study here.
    await asOwner(system, `update enrolment set school_id = $1 where state = 'active'`, [school.id]);
    const rows = await asOwner<{ id: string }[]>(
      system,
      `select student_id as id from enrolment e where school_id = $1 and state = 'active'
         and not exists (select 1 from change_request r where r.student_id = e.student_id and r.state = 'open') order by student_id`,
      [school.id],
    );
    students = rows.map(({ id }) => id);
    evidenceIds = [await clerk.evidence()];
  });
  afterAll(() => system?.stop());

  /** Files, and counts what the API sends to the database meanwhile. */
  async function counted(kind: string, details: object, ids: readonly string[]) {
    const sent = listening();
    const began = performance.now();
    const body = { kind, common: { details, evidenceIds, reason: '统一办理' }, items: ids.map((studentId) => ({ studentId })) };
    const { status, body: result } = await clerk.post<Result>('/change-requests/batch', body);
    const statements = ofPersons(sent.stop());
    return { status, result, statements, milliseconds: Math.round(performance.now() - began) };
  }
  const next = (n: number) => students.splice(0, n);

  it('takes about as many statements as filing for three, and is done in seconds', async () => {
    expect(students.length).toBeGreaterThan(ROWS + 10);
    const details = { ground: 'workStudy', until: UNTIL };
    const few = await counted('suspension', details, next(3));
    const many = await counted('suspension', details, next(ROWS));
    process.stdout.write(`${ROWS} filed in ${many.milliseconds} ms by ${many.statements} statements; 3 by ${few.statements}\n`);
    expect([many.status, many.result.filed]).toEqual([200, ROWS]);
    expect(few.statements).toBeGreaterThan(5);
    expect(Math.abs(many.statements - few.statements)).toBeLessThanOrEqual(3); // a session or a plan may be asked for besides
    expect(many.statements).toBeLessThanOrEqual(MOST_STATEMENTS);
    expect(new Set(many.result.items.map(({ number }) => number)).size).toBe(ROWS);
    const { body } = await clerk.get(`/change-requests/${many.result.items[ROWS - 1]?.requestId}`);
    expect(body).toMatchObject({
      state: 'open',
      number: many.result.items[ROWS - 1]?.number,
      details,
      reason: '统一办理',
      processing: true,
    });
  });

  it.each([
    ['infoCorrection', { changes: { ethnicGroup: '02' }, proofReceivedOn: '2026-11-20' }],
    ['studyCorrection', { enrolledOn: '2025-08-31' }],
    ['death', { diedOn: '2026-10-01' }],
    ['changeMajor', { majorCode: '790302', ground: 'aptitude' }],
  ])('asks as little for a %s', async (kind, details) => {
    const { result, statements } = await counted(kind, details, next(5));
    expect(result.items.map(({ status, blockers }) => [status, blockers])).toEqual(Array(5).fill(['filed', undefined]));
    expect(statements).toBeLessThanOrEqual(MOST_STATEMENTS);
  });

  it('leaves chains that verify and a read model that the acts tell', async () => {
    expect((await audited(system, ['student', 'enrolment'])).problems).toEqual([]);
    const [row] = await asOwner<{ n: number }[]>(
      system,
      `select count(*)::int as n from change_request r where r.last_seq = 1 and r.last_process_seq = 1 and r.processing
         and exists (select 1 from act a where a.stream_id = r.id and a.seq = 1 and a.kind = 'filed'
           and a.body ->> 'studentId' = r.student_id::text)`,
    );
    expect(row?.n).toBeGreaterThanOrEqual(ROWS + 18);
  });
});
