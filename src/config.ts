import path from 'node:path';

/** Everything the processes take from the environment, parsed once. The only file that reads it. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly databaseOwnerUrl: string;
  readonly databasePool: number;
  readonly temporal: { address: string; namespace: string; taskQueue: string; tls?: { ca?: string; cert?: string; key?: string } };
  readonly temporalUiUrl?: string;
  /** AES-256 key of what is sent to Temporal; without it payloads are plain (they hold ids, codes and office names only). */
  readonly payloadKey?: Buffer;
  /** AES-256 key of personal fields and a separate HMAC key of their blind indices; 32 bytes each. */
  readonly fieldKey: Buffer;
  readonly indexKey: Buffer;
  /** The population service that authenticates identity documents; the local register when absent. */
  readonly identity?: { readonly url: string; readonly token?: string; readonly timeout: number; readonly attempts: number };
  /** Whose access tokens are taken beside those of local accounts; `claim` holds the user name. */
  readonly issuer?: { readonly issuer: string; readonly audience: string; readonly claim: string };
  readonly demo: boolean;
  readonly sessionHours: number;
  readonly evidenceMaxBytes: number;
  readonly workerMetricsPort?: number;
  readonly workflowBundle: string;
  /** File outside the database to which ledger checkpoints are appended. */
  readonly anchorFile: string;
  readonly logLevel: string;
  /** Where webhooks may go: public addresses only, or inner ones too (a closed network). */
  readonly webhookReach: 'public' | 'any';
  /** The mail server, smtp:// or smtps://, and the sender's address; without them no mail is sent. */
  readonly mail?: { readonly url: string; readonly from: string };
}

export const CONFIG = Symbol('the configuration');

/** Thrown once, naming every wrong value. */
export class InvalidConfiguration extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Configuration is not valid:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  }
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

type Env = Readonly<Record<string, string | undefined>>;

class Reader {
  readonly problems: string[] = [];
  constructor(private readonly env: Env) {}

  text(name: string, fallback?: string): string {
    const value = this.env[name]?.trim() || fallback;
    if (value === undefined) this.problems.push(`${name} is required`);
    return value ?? '';
  }
  optional(name: string): string | undefined {
    return this.env[name]?.trim() || undefined;
  }
  whole(name: string, fallback: number, from: number, to: number): number {
    const text = this.env[name]?.trim();
    const value = text ? Number(text) : fallback;
    if (!Number.isInteger(value) || value < from || value > to)
      this.problems.push(`${name} must be a whole number from ${from} to ${to}, not "${text}"`);
    return value;
  }
  flag(name: string): boolean {
    const text = this.env[name]?.trim() ?? 'false';
    if (!['true', 'false', ''].includes(text)) this.problems.push(`${name} must be true or false, not "${text}"`);
    return text === 'true';
  }
  oneOf(name: string, allowed: readonly string[], fallback: string): string {
    const text = this.text(name, fallback);
    if (!allowed.includes(text)) this.problems.push(`${name} must be one of ${allowed.join(', ')}, not "${text}"`);
    return text;
  }
  key(name: string): Buffer {
    const key = Buffer.from(this.env[name] ?? '', 'base64');
    if (key.length !== 32) this.problems.push(`${name} must be 32 bytes in base64 (openssl rand -base64 32)`);
    return key;
  }
  /** Names and document numbers go there: in the clear only to this machine, and the address holds no secret that a log might show. */
  identityService(): Config['identity'] {
    const url = this.optional('IDENTITY_URL');
    const more = {
      token: this.optional('IDENTITY_TOKEN'),
      timeout: this.whole('IDENTITY_TIMEOUT_MS', 3000, 100, 30_000),
      attempts: this.whole('IDENTITY_ATTEMPTS', 3, 1, 5),
    };
    if (!url) return undefined;
    this.mustBeSafe('IDENTITY_URL', url);
    return { url, ...more };
  }
  /** Whoever answers at this address says who people are. */
  issuer(): Config['issuer'] {
    const [issuer, audience] = [this.optional('OIDC_ISSUER'), this.optional('OIDC_AUDIENCE')];
    const claim = this.text('OIDC_CLAIM', 'preferred_username');
    if (!issuer && !audience) return undefined;
    if (!issuer) this.problems.push('OIDC_ISSUER goes with OIDC_AUDIENCE');
    else this.mustBeSafe('OIDC_ISSUER', issuer);
    if (!audience) this.problems.push('OIDC_AUDIENCE goes with OIDC_ISSUER: what tokens for this system name as their audience');
    return { issuer: issuer ?? '', audience: audience ?? '', claim };
  }
  private mustBeSafe(name: string, url: string): void {
    const { protocol, hostname, username, password } = URL.canParse(url) ? new URL(url) : ({} as Partial<URL>);
    const here = protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname ?? '');
    if (!(protocol === 'https:' || here) || username || password)
      this.problems.push(`${name} must be an https:// address (http:// on this machine only) without user and password`);
  }
  mail(): Config['mail'] {
    const url = this.optional('SMTP_URL');
    const from = this.optional('MAIL_FROM');
    if (!url && !from) return undefined;
    if (!url || !URL.canParse(url) || !['smtp:', 'smtps:'].includes(new URL(url).protocol) || !new URL(url).hostname)
      this.problems.push('SMTP_URL must be an smtp:// or smtps:// address');
    if (!from || !/^[^\s@]+@[^\s@]+$/.test(from)) this.problems.push('MAIL_FROM must be a mail address');
    return { url: url ?? '', from: from ?? '' };
  }
  url(name: string, value: string): string {
    if (value && !/^postgres(ql)?:\/\//.test(value)) this.problems.push(`${name} must be a postgresql:// address`);
    return value;
  }
}

/** @throws InvalidConfiguration with every wrong value named */
export function parseConfig(env: Env = process.env): Config {
  const read = new Reader(env);
  const databaseUrl = read.url('DATABASE_URL', read.text('DATABASE_URL'));
  const dataDir = path.resolve(read.text('DATA_DIR', '.data'));
  const ca = read.optional('TEMPORAL_TLS_CA');
  const cert = read.optional('TEMPORAL_TLS_CERT');
  const key = read.optional('TEMPORAL_TLS_KEY');
  if ((cert === undefined) !== (key === undefined)) read.problems.push('TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY go together');
  const config: Config = {
    port: read.whole('PORT', 3000, 0, 65_535),
    host: read.text('HOST', '0.0.0.0'),
    dataDir,
    databaseUrl,
    databaseOwnerUrl: read.url('DATABASE_OWNER_URL', read.optional('DATABASE_OWNER_URL') ?? databaseUrl),
    databasePool: read.whole('DATABASE_POOL', 20, 2, 500),
    temporal: {
      address: read.text('TEMPORAL_ADDRESS', '127.0.0.1:7233'),
      namespace: read.text('TEMPORAL_NAMESPACE', 'default'),
      taskQueue: read.text('TEMPORAL_TASK_QUEUE', 'change-requests'),
      ...(ca || cert ? { tls: { ca, cert, key } } : {}),
    },
    temporalUiUrl: read.optional('TEMPORAL_UI_URL'),
    payloadKey: read.optional('PAYLOAD_KEY') ? read.key('PAYLOAD_KEY') : undefined,
    fieldKey: read.key('FIELD_KEY'),
    indexKey: read.key('INDEX_KEY'),
    identity: read.identityService(),
    issuer: read.issuer(),
    demo: read.flag('DEMO'),
    sessionHours: read.whole('SESSION_HOURS', 12, 1, 720),
    evidenceMaxBytes: read.whole('EVIDENCE_MAX_MB', 10, 1, 200) * 1024 * 1024,
    workerMetricsPort: read.optional('WORKER_METRICS_PORT') ? read.whole('WORKER_METRICS_PORT', 0, 1, 65_535) : undefined,
    workflowBundle: path.resolve(read.text('WORKFLOW_BUNDLE', path.join(import.meta.dirname, '..', 'workflow-bundle.js'))),
    anchorFile: path.resolve(read.text('ANCHOR_FILE', path.join(dataDir, 'ledger-anchors.jsonl'))),
    logLevel: read.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    webhookReach: read.oneOf('WEBHOOK_REACH', ['public', 'any'], 'public') as 'public' | 'any',
    mail: read.mail(),
  };
  if (config.fieldKey.length === 32 && config.fieldKey.equals(config.indexKey)) read.problems.push('FIELD_KEY and INDEX_KEY must differ');
  if (read.problems.length > 0) throw new InvalidConfiguration(read.problems);
  return config;
}

/** For programs: says every wrong value in plain words and ends, instead of throwing. */
export function configOrExit(): Config {
  try {
    return parseConfig();
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(78); // EX_CONFIG
  }
}
