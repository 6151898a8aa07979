import path from 'node:path';
import type { NumberedKey } from './database/field-cipher.js';
import { Reader, type Env } from './config-reader.js';

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
  /** The origin of the Temporal UI, whose pages may ask the codec endpoint. */
  readonly temporalUiOrigin?: string;
  /**
   * AES-256 keys of what is sent to Temporal, of which the first writes; without it payloads are plain (they hold ids, codes and office
   * names only).
   */
  readonly payloadKey?: readonly Buffer[];
  /** AES-256 keys of personal fields, of which the first writes, and a separate HMAC key of their blind indices; 32 bytes each. */
  readonly fieldKey: readonly NumberedKey[];
  readonly indexKey: Buffer;
  /** The population service that authenticates identity documents; the local register when absent. */
  readonly identity?: { readonly url: string; readonly token?: string; readonly timeout: number; readonly attempts: number };
  /** Whose access tokens are taken beside those of local accounts; `claim` holds the user name. */
  readonly issuer?: { readonly issuer: string; readonly audience: string; readonly claim: string };
  /** Whose `X-Forwarded-For` is believed: so many proxies in a row before the API, or those at these addresses and networks. */
  readonly trustProxy: number | string;
  readonly demo: boolean;
  readonly sessionHours: number;
  /** How long a request may take to arrive. */
  readonly requestSeconds: number;
  readonly evidenceMaxBytes: number;
  /** Days for which evidence is kept that was never attached to a request. */
  readonly evidenceDays: number;
  /** The clamd that looks through uploads; without one nothing does. */
  readonly scanner?: { readonly host: string; readonly port: number };
  /** Where the API serves its metrics instead of beside the routes: a port that the proxy does not know. */
  readonly metricsPort?: number;
  readonly workerMetricsPort?: number;
  readonly workflowBundle: string;
  /** How many cases a worker keeps in memory, at least 2 (docs/decisions/0033); as many as fit unless set. */
  readonly workflowCache?: number;
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
    temporalUiOrigin: read.origin('TEMPORAL_UI_ORIGIN'),
    payloadKey: read.optional('PAYLOAD_KEY') ? read.numberedKeys('PAYLOAD_KEY').map(({ key }) => key) : undefined,
    fieldKey: read.numberedKeys('FIELD_KEY'),
    indexKey: read.key('INDEX_KEY'),
    identity: read.identityService(),
    issuer: read.issuer(),
    trustProxy: read.proxies('TRUST_PROXY', 'loopback'),
    demo: read.flag('DEMO'),
    sessionHours: read.whole('SESSION_HOURS', 12, 1, 720),
    evidenceMaxBytes: read.whole('EVIDENCE_MAX_MB', 10, 1, 200) * 1024 * 1024,
    evidenceDays: read.whole('EVIDENCE_DAYS', 30, 2, 3650),
    requestSeconds: read.whole('REQUEST_SECONDS', 60, 1, 600),
    scanner: read.scanner(),
    metricsPort: read.optional('METRICS_PORT') ? read.whole('METRICS_PORT', 0, 1, 65_535) : undefined,
    workerMetricsPort: read.optional('WORKER_METRICS_PORT') ? read.whole('WORKER_METRICS_PORT', 0, 1, 65_535) : undefined,
    workflowBundle: path.resolve(read.text('WORKFLOW_BUNDLE', path.join(import.meta.dirname, '..', '..', 'workflow-bundle.js'))),
    workflowCache: read.optional('WORKFLOW_CACHE') ? read.whole('WORKFLOW_CACHE', 0, 2, 100_000) : undefined,
    anchorFile: path.resolve(read.text('ANCHOR_FILE', path.join(dataDir, 'ledger-anchors.jsonl'))),
    logLevel: read.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    webhookReach: read.oneOf('WEBHOOK_REACH', ['public', 'any'], 'public') as 'public' | 'any',
    mail: read.mail(),
  };
  if (config.fieldKey.some(({ key }) => key.length === 32 && key.equals(config.indexKey)))
    read.problems.push('FIELD_KEY and INDEX_KEY must differ');
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
