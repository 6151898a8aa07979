import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { InvalidConfiguration, parseConfig } from '../src/platform/config.js';

const [FIELD_KEY, INDEX_KEY] = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64'));
const LEAST = { DATABASE_URL: 'postgresql://app:secret@db:5432/xueji', FIELD_KEY, INDEX_KEY };
/** The names in the problems, in order; empty when the configuration is accepted. */
function wrong(env: Record<string, string | undefined>): string[] {
  try {
    parseConfig({ ...LEAST, ...env });
  } catch (thrown) {
    if (thrown instanceof InvalidConfiguration) return thrown.problems.map((problem) => problem.split(' ')[0] ?? '');
    throw thrown;
  }
  return [];
}

describe('the configuration', () => {
  it('needs a database and two keys, and has a default for everything else', () => {
    expect(parseConfig(LEAST)).toMatchObject({
      port: 3000,
      host: '0.0.0.0',
      databasePool: 20,
      demo: false,
      sessionHours: 12,
      logLevel: 'info',
      evidenceMaxBytes: 10 * 1024 * 1024,
      evidenceDays: 30,
      workerMetricsPort: undefined,
      temporalUiUrl: undefined,
      temporal: { address: '127.0.0.1:7233', namespace: 'default', taskQueue: 'change-requests' },
    });
  });

  it('sends mail only with a server and a sender, both or neither', () => {
    expect(parseConfig(LEAST).mail).toBeUndefined();
    const mail = { SMTP_URL: 'smtps://user:secret@mail.example.cn:465', MAIL_FROM: 'xueji@example.cn' };
    expect(parseConfig({ ...LEAST, ...mail }).mail).toEqual({ url: mail.SMTP_URL, from: mail.MAIL_FROM });
    expect(wrong({ SMTP_URL: mail.SMTP_URL })).toEqual(['MAIL_FROM']);
    expect(wrong({ MAIL_FROM: mail.MAIL_FROM })).toEqual(['SMTP_URL']);
    expect(wrong({ ...mail, SMTP_URL: 'https://mail.example.cn' })).toEqual(['SMTP_URL']);
  });

  it('takes the tokens of an issuer that is reached safely, for an audience', () => {
    const issuer = { OIDC_ISSUER: 'https://sso.example.cn', OIDC_AUDIENCE: 'xueji' };
    expect(parseConfig(LEAST).issuer).toBeUndefined();
    const accepted = { issuer: issuer.OIDC_ISSUER, audience: 'xueji' };
    expect(parseConfig({ ...LEAST, ...issuer }).issuer).toEqual(accepted);
    expect(wrong({ OIDC_ISSUER: issuer.OIDC_ISSUER })).toEqual(['OIDC_AUDIENCE']);
    expect(wrong({ OIDC_AUDIENCE: 'xueji' })).toEqual(['OIDC_ISSUER']);
    expect(wrong({ ...issuer, OIDC_ISSUER: 'http://sso.example.cn' })).toEqual(['OIDC_ISSUER']);
  });

  it('believes the proxies that it is told of: a number of them, or their addresses and networks', () => {
    expect(parseConfig(LEAST).trustProxy).toBe('loopback');
    expect(parseConfig({ ...LEAST, TRUST_PROXY: '0' }).trustProxy).toBe(0);
    expect(parseConfig({ ...LEAST, TRUST_PROXY: 'loopback, 10.1.0.0/16, fd00::1' }).trustProxy).toBe('loopback, 10.1.0.0/16, fd00::1');
    for (const wrongOne of ['11', 'everybody', '10.0.0.0/33', '10.0.0.1/8/8', '-1'])
      expect(wrong({ TRUST_PROXY: wrongOne })).toEqual(['TRUST_PROXY']);
  });

  it('reaches the scanner of uploads over TCP', () => {
    expect(parseConfig(LEAST).scanner).toBeUndefined();
    expect(parseConfig({ ...LEAST, SCANNER_URL: 'tcp://clamd' }).scanner).toEqual({ host: 'clamd', port: 3310 });
    expect(parseConfig({ ...LEAST, SCANNER_URL: 'tcp://[::1]:99' }).scanner).toEqual({ host: '::1', port: 99 });
    expect(wrong({ SCANNER_URL: 'http://clamd' })).toEqual(['SCANNER_URL']);
  });

  it('takes several keys, each with its number, the newest first', () => {
    const other = randomBytes(32).toString('base64');
    expect(parseConfig(LEAST).fieldKey.map(({ number }) => number)).toEqual([1]);
    expect(parseConfig({ ...LEAST, FIELD_KEY: `2:${other}, 1:${FIELD_KEY}` }).fieldKey.map(({ number }) => number)).toEqual([2, 1]);
    expect(parseConfig({ ...LEAST, PAYLOAD_KEY: `2:${other},1:${FIELD_KEY}` }).payloadKey).toHaveLength(2);
    for (const keys of [`${other},${FIELD_KEY}`, `256:${other}`, `2:${other},`, `1:${INDEX_KEY}`])
      expect(wrong({ FIELD_KEY: keys })).toEqual(['FIELD_KEY']);
    expect(wrong({ TEMPORAL_UI_ORIGIN: 'https://temporal.example.cn/path' })).toEqual(['TEMPORAL_UI_ORIGIN']);
  });

  it('names every wrong value at once', () => {
    const everything = {
      DATABASE_URL: 'mysql://db',
      DATABASE_OWNER_URL: 'db',
      DATABASE_POOL: '1',
      PORT: '70000',
      DEMO: 'yes',
      SESSION_HOURS: '0',
      EVIDENCE_MAX_MB: '1.5',
      WORKER_METRICS_PORT: 'metrics',
      FIELD_KEY: 'short',
      INDEX_KEY: '',
      TEMPORAL_TLS_CERT: 'pem',
      LOG_LEVEL: 'loud',
    };
    expect(wrong(everything).sort()).toEqual(Object.keys(everything).sort());
  });

  it('says every problem in the message that stops the start, and never a key or a password', () => {
    const secret = randomBytes(31).toString('base64');
    const parse = () => parseConfig({ DATABASE_URL: 'mysql://app:hunter2@db', FIELD_KEY: secret, PORT: 'x' });
    expect(parse).toThrow(/DATABASE_URL[^]*PORT[^]*"x"[^]*FIELD_KEY[^]*INDEX_KEY/);
    expect(parse).not.toThrow(/hunter2/);
    expect(parse).not.toThrow(secret);
  });

  it('names what goes together also while other values are wrong, each once', () => {
    expect(wrong({ TEMPORAL_ADDRESS: ' ', TEMPORAL_TLS_KEY: 'key', PORT: '-0.5' })).toEqual(['PORT', 'TEMPORAL_TLS_CERT']);
    expect(wrong({ SMTP_URL: 'https://mail.example.cn' })).toEqual(['SMTP_URL', 'MAIL_FROM']);
    expect(wrong({ OIDC_ISSUER: 'http://sso.example.cn', SCANNER_URL: 'tcp://' })).toEqual(['OIDC_ISSUER', 'OIDC_AUDIENCE', 'SCANNER_URL']);
    expect(wrong({ INDEX_KEY: FIELD_KEY, FIELD_KEY: `2:${INDEX_KEY},1:${FIELD_KEY}` })).toEqual(['FIELD_KEY']);
  });

  it('says what is missing', () => {
    expect(wrong({ DATABASE_URL: undefined, FIELD_KEY: undefined, INDEX_KEY: undefined })).toEqual([
      'DATABASE_URL',
      'FIELD_KEY',
      'INDEX_KEY',
    ]);
  });

  it.each([
    ['PORT', ['0', '65535'], ['-1', '65536', '3000.5', 'http', '3000a']],
    ['DATABASE_POOL', ['2', '500'], ['1', '501', 'many']],
    ['SESSION_HOURS', ['1', '720'], ['0', '721']],
    ['EVIDENCE_MAX_MB', ['1', '200'], ['0', '201']],
    ['EVIDENCE_DAYS', ['2', '3650'], ['1', '3651']],
    ['IDENTITY_TIMEOUT_MS', ['100', '30000'], ['99', '30001', 'soon']],
    ['IDENTITY_ATTEMPTS', ['1', '5'], ['0', '6']],
    [
      'IDENTITY_URL',
      ['https://population.example/check', 'http://127.0.0.1:9/check', 'http://[::1]:9', 'http://localhost:9'],
      ['population.example', 'ftp://population.example', 'http://population.example/check', 'https://user:secret@population.example'],
    ],
    ['WORKER_METRICS_PORT', ['1', '65535'], ['0', '65536']],
    ['WORKFLOW_CACHE', ['2', '100000'], ['0', '1', '100001']],
    ['DEMO', ['true', 'false', ''], ['TRUE', '1', 'yes']],
    ['LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], ['loud', 'INFO', '30']],
    ['DATABASE_OWNER_URL', ['postgres://db/x', 'postgresql://db/x'], ['http://db', 'db']],
    ['FIELD_KEY', [FIELD_KEY!], [randomBytes(31).toString('base64'), randomBytes(33).toString('base64'), randomBytes(32).toString('hex')]],
  ])('takes %s from %j, and refuses %j', (name, good, bad) => {
    expect(good.flatMap((value) => wrong({ [name]: value }))).toEqual([]);
    expect(bad.flatMap((value) => wrong({ [name]: value }))).toEqual(bad.map(() => name));
  });

  it('takes an empty or blank value as none', () => {
    expect(parseConfig({ ...LEAST, PORT: ' ', HOST: '', TEMPORAL_UI_URL: ' ', LOG_LEVEL: '' })).toMatchObject({
      port: 3000,
      host: '0.0.0.0',
      logLevel: 'info',
    });
    expect(wrong({ DATABASE_URL: ' ' })).toEqual(['DATABASE_URL']);
  });

  it('migrates with the application’s address unless the owner has one of its own', () => {
    expect(parseConfig(LEAST).databaseOwnerUrl).toBe(LEAST.DATABASE_URL);
    expect(parseConfig({ ...LEAST, DATABASE_OWNER_URL: 'postgres://owner@db/x' }).databaseOwnerUrl).toBe('postgres://owner@db/x');
  });

  it('speaks TLS to Temporal when it has an authority or a certificate with its key', () => {
    const tls = (env: Record<string, string>) => parseConfig({ ...LEAST, ...env }).temporal.tls;
    expect(tls({})).toBeUndefined();
    expect(tls({ TEMPORAL_TLS_CA: 'ca' })).toEqual({ ca: 'ca' });
    expect(tls({ TEMPORAL_TLS_CERT: 'cert', TEMPORAL_TLS_KEY: 'key' })).toEqual({ cert: 'cert', key: 'key' });
    expect(wrong({ TEMPORAL_TLS_KEY: 'key' })).toEqual(['TEMPORAL_TLS_CERT']);
  });

  it('keeps its files below the data directory, as absolute paths', () => {
    const { dataDir, anchorFile } = parseConfig({ ...LEAST, DATA_DIR: 'some/where' });
    expect([dataDir, anchorFile]).toEqual([path.resolve('some/where'), path.resolve('some/where/ledger-anchors.jsonl')]);
  });
});

describe('a program with a wrong configuration', () => {
  it('ends before it does anything, naming every wrong value and no stack', () => {
    const main = new URL('../src/main.js', import.meta.url).pathname;
    const { status, stderr } = spawnSync(process.execPath, [main], { env: { PORT: 'abc', DATABASE_URL: 'mysql://x' }, encoding: 'utf8' });
    expect(status).toBe(78);
    for (const name of ['PORT', 'DATABASE_URL', 'FIELD_KEY', 'INDEX_KEY']) expect(stderr).toContain(`- ${name}`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
