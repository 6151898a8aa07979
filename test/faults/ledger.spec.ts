import { execFile } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { inScope } from '../../src/platform/database/in-scope.js';
import { systemClock } from '../../src/platform/clock.js';
import { checkpointAfter, NONE, type Previous } from '../../src/platform/ledger/checkpoint.js';
import { writeAnchor } from '../../src/platform/ledger/anchors.js';
import { eraseText } from '../../src/platform/ledger/erasure.js';
import { append, tipOf } from '../../src/platform/ledger/streams.js';
import { freshDatabase, type TestDatabase } from '../engines/databases.js';
import { cipherOf } from '../fixtures/audit.js';
import { Ground } from '../ledger/ground.js';
import { nextSettled, settledCheckpoint, soundMachine } from '../ledger/sound.js';
import { LIGHT } from '../ledger/tamperings.js';
import { Journal } from './journal.js';
import { violations } from './checker.js';
import type { Machine } from './machine.js';

const AUDIT = fileURLToPath(new URL('../../src/programs/verify.js', import.meta.url));

describe('the ledger against those who would change it (invariant 3)', () => {
  let database: TestDatabase;
  let machine: Machine;
  let ground: Ground;
  let superuser: pg.Client;
  let request: string;
  beforeAll(async () => {
    database = await freshDatabase();
    ({ machine, request } = await soundMachine(database.url));
    expect(await violations(machine, new Journal())).toEqual([]);
    await machine.db.destroy(); // a database is copied only while nobody is connected
    ground = await Ground.of(database.url, machine.config);
    await machine.db.initialize();
    superuser = new pg.Client({ connectionString: database.url });
    await superuser.connect();
  });
  afterAll(async () => {
    await superuser?.end();
    await machine?.stop();
    await ground?.drop();
    await database?.drop();
  });

  /** What `npm run audit:verify` prints, and its exit code. */
  const audit = () =>
    new Promise<{ code: number; printed: string }>((resolve) => {
      const child = execFile(process.execPath, [AUDIT], { env: { PATH: process.env.PATH, ...machine.env } }, (_, printed) =>
        resolve({ code: child.exitCode ?? -1, printed }),
      );
    });

  it('is sound with checkpoints and their anchors', async () => {
    const { rows } = await superuser.query<{ n: number }>('select count(*)::int as n from ledger_checkpoint');
    const n = rows[0]!.n;
    expect(n).toBeGreaterThan(1);
    expect(await audit()).toEqual({ code: 0, printed: expect.stringContaining(` ${n} checkpoints, ${n} anchors: sound`) });
  });

  it('puts no checkpoint over an act whose place was given before and whose transaction is still open', async () => {
    const { rows } = await superuser.query<{ id: string }>('select id from organisation order by code limit 2');
    const deps = { clock: systemClock, cipher: cipherOf(machine.config) };
    const noted = async (nth: number, then = (): void | Promise<void> => undefined) => {
      await inScope(machine.db, 'system', async (tx) => {
        const id = rows[nth]?.id ?? '';
        await append(tx, deps, 'organisation', id, await tipOf(tx, id), { kind: 'noted', body: {} });
        await then();
      });
    };
    while (await settledCheckpoint(machine)); // what settled after the last one
    let commit = (): void => undefined;
    let open = Promise.resolve();
    await new Promise<void>((placed) => {
      open = noted(0, () => new Promise((resolve) => ((commit = resolve), placed())));
    });
    await noted(1);
    expect(await settledCheckpoint(machine)).toBeUndefined();
    commit();
    await open;
    expect(await nextSettled(machine)).toMatchObject({ position: expect.any(String) });
    expect(await audit()).toMatchObject({ code: 0 });
  });

  /** The next checkpoint as it would be, without being committed. */
  const nextCheckpoint = () =>
    inScope(machine.db, 'system', async (tx) => {
      const [last = NONE] = await tx.query<Previous[]>(
        `select number, position::text as position, acts::text as acts, encode(digest, 'hex') as digest from ledger_checkpoint
         order by number desc limit 1`,
      );
      const [{ position }] = await tx.query<[{ position: string }]>('select max(position)::text as position from act');
      return checkpointAfter(tx, last, { number: last.number + 1, position, at: new Date(systemClock.now()).toISOString() });
    });
  const noted = () =>
    inScope(machine.db, 'system', async (tx) => {
      const [{ id }] = await tx.query<[{ id: string }]>('select id from organisation order by code limit 1');
      await append(tx, { clock: systemClock, cipher: cipherOf(machine.config) }, 'organisation', id, await tipOf(tx, id), {
        kind: 'noted',
        body: {},
      });
    });

  it('is sound while a checkpoint is being made, and one whose process died after its anchor is made the same again', async () => {
    const { anchorFile } = machine.config;
    await noted();
    const anchored = await nextCheckpoint();
    await writeAnchor(anchorFile, cipherOf(machine.config), anchored);
    expect(await audit()).toEqual({ code: 0, printed: expect.stringMatching(/: sound/) });
    expect(await nextSettled(machine)).toEqual(anchored);
    expect(await audit()).toEqual({ code: 0, printed: expect.stringMatching(/: sound/) });
  });

  it('is sound after a power failure cut the line of an anchor, which the next pass writes anew', async () => {
    const { anchorFile } = machine.config;
    await noted();
    appendFileSync(anchorFile, '{"number":');
    expect(await audit()).toEqual({ code: 0, printed: expect.stringMatching(/: sound/) });
    expect(await nextSettled(machine)).toBeDefined();
    expect(readFileSync(anchorFile, 'utf8')).not.toContain('{"number":{');
    expect(await audit()).toEqual({ code: 0, printed: expect.stringMatching(/: sound/) });
  });

  it('writes no anchor again that was cut off: the next checkpoint does not hide it', async () => {
    const { anchorFile } = machine.config;
    const kept = readFileSync(anchorFile, 'utf8');
    const lines = kept.trimEnd().split('\n');
    writeFileSync(anchorFile, lines.slice(0, -1).map((line) => `${line}\n`).join('')); // prettier-ignore
    await noted();
    const made = await nextSettled(machine);
    const { code, printed } = await audit();
    const added = readFileSync(anchorFile, 'utf8').trimEnd().split('\n').at(-1)!;
    writeFileSync(anchorFile, `${kept}${added}\n`);
    expect([code, printed]).toEqual([1, expect.stringMatching(new RegExp(`checkpoint ${lines.length}: it has no anchor`))]);
    expect(JSON.parse(added)).toMatchObject({ number: made!.number });
    expect(await audit()).toMatchObject({ code: 0 });
  });

  it.each([
    ['update an act', 'update act set body = body'],
    ['delete an act', 'delete from act'],
    ['truncate the acts', 'truncate act cascade'],
    ['update a checkpoint', `update ledger_checkpoint set digest = digest`],
    ['delete a checkpoint', 'delete from ledger_checkpoint'],
    ['truncate the checkpoints', 'truncate ledger_checkpoint'],
    ['delete a text', 'delete from act_text'],
    ['delete the head of a stream', 'delete from stream_head'],
    ['disable the triggers', 'alter table act disable trigger all'],
    ['step around the triggers', 'set session_replication_role = replica'],
  ])('does not let the application %s', async (_, sql) => {
    await expect(inScope(machine.db, 'system', (tx) => tx.query(sql))).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    ['update an act', 'update act set body = body'],
    ['delete an act', 'delete from act'],
    ['truncate the acts', 'truncate act cascade'],
    ['delete a text', 'delete from act_text'],
    ['delete the head of a stream', 'delete from stream_head'],
    ['update a checkpoint', `update ledger_checkpoint set digest = digest`],
    ['truncate the checkpoints', 'truncate ledger_checkpoint'],
  ])('does not let its owner %s while the triggers stand', async (_, sql) => {
    await superuser.query('begin');
    const refusal = await superuser.query(sql).catch((error: Error) => error.message);
    await superuser.query('rollback');
    expect(refusal).toBe('the ledger is append-only');
  });

  it.each([
    ['change', 'update act_text set cipher = salt'],
    ['empty', 'update act_text set salt = null, cipher = null'],
  ])('does not let the application, nor its owner, %s a text without an act of erasure', async (_, sql) => {
    const refused = 'the ledger is append-only';
    await expect(inScope(machine.db, 'system', (tx) => tx.query(sql))).rejects.toThrow(refused);
    await expect(superuser.query(sql)).rejects.toThrow(refused);
  });

  it.each(LIGHT.map((one) => [one.name, one] as const))('is not sound after tampering: %s', async (_, tampering) => {
    expect((await ground.problems(tampering)).join('\n')).toMatch(ground.place(tampering.found));
  });

  it('stays sound when a text is erased by an act that says so, and the text is gone', async () => {
    const erase = () =>
      inScope(machine.db, 'system', (tx) =>
        eraseText(tx, { clock: systemClock, cipher: cipherOf(machine.config) }, { streamId: request, seq: 1, field: 'reason' }, '本人申请'),
      );
    expect([await erase(), await erase()]).toEqual([true, false]);
    const { rows } = await superuser.query('select salt, cipher from act_text where stream_id = $1 and seq = 1 and field = $2', [
      request,
      'reason',
    ]);
    expect(rows).toEqual([{ salt: null, cipher: null }]);
    expect(await audit()).toEqual({ code: 0, printed: expect.stringMatching(/: sound/) });
  });
});
