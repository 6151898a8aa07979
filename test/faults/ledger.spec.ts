import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { inScope } from '../../src/platform/database/in-scope.js';
import { systemClock } from '../../src/platform/clock.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { relayActs } from '../../src/events/relay.js';
import { checkpoint } from '../../src/platform/ledger/checkpoint.js';
import { append, tipOf } from '../../src/platform/ledger/streams.js';
import { freshDatabase, type TestDatabase } from '../engines/databases.js';
import { Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { Story } from '../fixtures/story.js';
import { Journal } from './journal.js';
import { quiescent, violations } from './checker.js';
import { Machine, systemAt } from './machine.js';

const AUDIT = fileURLToPath(new URL('../../src/programs/verify.js', import.meta.url));

describe('the ledger against those who would change it (invariant 3)', () => {
  let database: TestDatabase;
  let machine: Machine;
  let superuser: pg.Client;
  let request: string;
  beforeAll(async () => {
    database = await freshDatabase();
    machine = await Machine.over(database.url);
    const [api] = await Promise.all([machine.api(), machine.worker()]);
    const demo = await Demonstration.of(systemAt(api));
    const story = await Story.transfer(systemAt(api), demo, withinACounty(demo));
    await story.approveAll();
    request = story.id;
    await quiescent(machine);
    expect(await violations(machine, new Journal())).toEqual([]);
    await machine.rest();
    superuser = new pg.Client({ connectionString: database.url });
    await superuser.connect();
  });
  afterAll(async () => {
    await superuser?.end();
    await machine?.stop();
    await database?.drop();
  });

  /** As the worker's loops do it: the relay sees earlier transactions end, and then a checkpoint is made. */
  async function settledCheckpoint() {
    for (let pass = 0; pass < 3; pass += 1) await relayActs(machine.db);
    return checkpoint(machine.db, machine.config.anchorFile, systemClock);
  }

  /** What `npm run audit:verify` prints, and its exit code. */
  const audit = () =>
    new Promise<{ code: number; printed: string }>((resolve) => {
      const child = execFile(process.execPath, [AUDIT], { env: { PATH: process.env.PATH, ...machine.env } }, (_, printed) =>
        resolve({ code: child.exitCode ?? -1, printed }),
      );
    });

  it('is sound with a checkpoint and its anchor', async () => {
    expect(await settledCheckpoint()).toBeDefined();
    // The worker may have made one at its start.
    const { rows } = await superuser.query<{ n: number }>('select count(*)::int as n from ledger_checkpoint');
    const n = rows[0]!.n;
    expect(await audit()).toEqual({ code: 0, printed: expect.stringContaining(` ${n} checkpoints, ${n} anchors: sound`) });
  });

  it('puts no checkpoint over an act whose place was given before and whose transaction is still open', async () => {
    const { rows } = await superuser.query<{ id: string }>('select id from organisation order by code limit 2');
    const deps = { clock: systemClock, cipher: new FieldCipher(machine.config.fieldKey, machine.config.indexKey) };
    const noted = async (nth: number, then = (): void | Promise<void> => undefined) => {
      await inScope(machine.db, 'system', async (tx) => {
        const id = rows[nth]?.id ?? '';
        await append(tx, deps, 'organisation', id, await tipOf(tx, id), { kind: 'noted', body: {} });
        await then();
      });
    };
    while (await settledCheckpoint()); // what settled after the last one
    let commit = (): void => undefined;
    let open = Promise.resolve();
    await new Promise<void>((placed) => {
      open = noted(0, () => new Promise((resolve) => ((commit = resolve), placed())));
    });
    await noted(1);
    expect(await settledCheckpoint()).toBeUndefined();
    commit();
    await open;
    expect(await settledCheckpoint()).toMatchObject({ position: expect.any(String) });
    expect(await audit()).toMatchObject({ code: 0 });
  });

  it.each([
    ['removed', () => undefined, /anchors: \S+ holds none, of \d+ checkpoints/],
    ['cut short at its beginning', (text: string) => text.slice(text.indexOf('\n') + 1), /checkpoint \d+: it has no anchor/],
    ['scribbled in', (text: string) => `${text}{"position":\n`, /anchors: a line of the file is not readable/],
  ])('is not sound when the file of the anchors was %s', async (_, damage, problem) => {
    const { anchorFile } = machine.config;
    const kept = readFileSync(anchorFile, 'utf8');
    rmSync(anchorFile);
    const text = damage(kept);
    if (text !== undefined) writeFileSync(anchorFile, text);
    const { code, printed } = await audit();
    writeFileSync(anchorFile, kept);
    expect(printed).toMatch(problem);
    expect(code).toBe(1);
  });

  it('catches up on an anchor that an interruption kept from being written', async () => {
    const { anchorFile } = machine.config;
    const kept = readFileSync(anchorFile, 'utf8');
    const lines = kept.trimEnd().split('\n');
    writeFileSync(
      anchorFile,
      lines
        .slice(0, -1)
        .map((line) => `${line}\n`)
        .join(''),
    );
    await settledCheckpoint();
    expect(
      readFileSync(anchorFile, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(lines.map((line) => JSON.parse(line)));
  });

  it.each([
    ['update an act', 'update act set body = body'],
    ['delete an act', 'delete from act'],
    ['truncate the acts', 'truncate act cascade'],
    ['update a checkpoint', `update ledger_checkpoint set digest = digest`],
    ['delete a checkpoint', 'delete from ledger_checkpoint'],
    ['truncate the checkpoints', 'truncate ledger_checkpoint'],
    ['delete a text', 'delete from act_text'],
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
    ['update a checkpoint', `update ledger_checkpoint set digest = digest`],
    ['truncate the checkpoints', 'truncate ledger_checkpoint'],
  ])('does not let its owner %s while the triggers stand', async (_, sql) => {
    await superuser.query('begin');
    const refusal = await superuser.query(sql).catch((error: Error) => error.message);
    await superuser.query('rollback');
    expect(refusal).toBe('the ledger is append-only');
  });

  const LEDGER = ['act', 'act_text', 'ledger_checkpoint'];

  /** Tampers as a superuser whom no trigger stops, looks, and puts everything back. */
  async function tampered(sql: string): Promise<{ code: number; printed: string }> {
    const all = async (of: (table: string) => string) => superuser.query(LEDGER.map(of).join(';'));
    await superuser.query('set session_replication_role = replica; alter table act alter position set generated by default');
    await all((table) => `create table kept_${table} as table ${table}`);
    try {
      await superuser.query(sql.replaceAll('$id', `'${request}'`));
      return await audit();
    } finally {
      await superuser.query(`truncate ${LEDGER.join(',')}`);
      await all((table) => `insert into ${table} table kept_${table}; drop table kept_${table}`);
      await superuser.query('set session_replication_role = origin; alter table act alter position set generated always');
    }
  }

  it.each([
    ['whose body was changed', `update act set body = jsonb_set(body, '{verdict}', '"reject"') where stream_id = $id
      and seq = 3`, /act 3: its hash does not follow/],
    ['whose person was changed', `update act set person_id = gen_random_uuid() where stream_id = $id
      and seq = 3`, /act 3: its hash does not follow/],
    ['that was made to move nothing', `update act set process = false where stream_id = $id and seq = 3`,
      /act 3: it is marked as an act that does not move the process/],
    ['that was deleted', `delete from act where stream_id = $id and seq = 3`, /act 4: an act before it is missing/],
    ['that was the last of its chain and deleted after a checkpoint', `delete from act where stream_id = $id and kind = 'closed'`,
      /checkpoint \d+: an act before it was changed, removed/],
    ['that was the last of its chain and deleted, checkpoint or not', `delete from act where stream_id = $id and kind = 'closed'`,
      /request .*: its chain does not end with act \d+/],
    ['that was deleted with its whole chain', `delete from act where stream_id = $id`,
      /checkpoint \d+: an act before it was changed, removed/],
    ['that swapped its position with another', `update act set position = -position where stream_id = $id and seq in (2, 3);
       update act a set position = -b.position from (select * from act) b where a.stream_id = $id and b.stream_id = $id
         and a.seq + b.seq = 5 and a.seq in (2, 3)`,
       /checkpoint \d+: an act before it was changed/],
    ['whose text was changed', `update act_text set cipher = set_byte(cipher, length(cipher) - 1, get_byte(cipher, length(cipher) - 1) # 1)
      where stream_id = $id and seq = 1`, /its reason is not what was recorded/],
    ['whose text was taken from another', `update act_text a set cipher = b.cipher, salt = b.salt from act_text b where a.stream_id = $id
      and b.stream_id = $id and a.seq = 1 and b.seq = 3`, /its reason is not what was recorded/],
    ['before a checkpoint that was removed', 'delete from ledger_checkpoint', /anchor \d+: the database has no such checkpoint/],
    ['before a checkpoint that was made again over less', `delete from act where stream_id = $id
      and kind = 'closed'; update ledger_checkpoint set digest = sha256('')`, /anchor \d+: the database has no such checkpoint/],
  ])('is not sound for an act %s', async (_, sql, problem) => {
    const { code, printed } = await tampered(sql);
    expect(printed).toMatch(/NOT SOUND/);
    expect(printed).toMatch(problem);
    expect(code).toBe(1);
  }); // prettier-ignore

  it('is sound while the anchor of the very first checkpoint is being written, and not when it does not come', async () => {
    const { anchorFile } = machine.config;
    const kept = readFileSync(anchorFile, 'utf8');
    const first = `delete from ledger_checkpoint where position > (select min(position) from ledger_checkpoint); update ledger_checkpoint
      set at = now()`;
    rmSync(anchorFile);
    const [inTime, late] = [await tampered(first), await tampered(`${first} - interval '2 minutes'`)];
    writeFileSync(anchorFile, kept);
    expect(inTime).toEqual({ code: 0, printed: expect.stringContaining(' 1 checkpoints, 0 anchors: sound') });
    expect(late).toEqual({ code: 1, printed: expect.stringMatching(/anchors: \S+ holds none, of 1 checkpoints/) });
  });

  it('stays sound when a text is erased, and the text is gone', async () => {
    const erased = await inScope(machine.db, 'system', (tx) =>
      tx.query<unknown[]>('update act_text set salt = null, cipher = null where stream_id = $1 and seq = 1 returning 1', [request]),
    );
    expect(erased).not.toHaveLength(0);
    expect(await audit()).toEqual({ code: 0, printed: expect.stringMatching(/: sound/) });
  });
});
