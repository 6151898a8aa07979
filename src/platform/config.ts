import path from 'node:path';
import type { z } from 'zod';
import type { NumberedKey } from './database/field-cipher.js';
import { SETTINGS } from './settings.js';

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
   * AES-256 keys of payloads to Temporal, of which the first writes. Without a key payloads are plain: they hold ids, codes and office
   * names only.
   */
  readonly payloadKey?: readonly Buffer[];
  /** AES-256 keys of personal fields, of which the first writes, and a separate HMAC key of their blind indices; 32 bytes each. */
  readonly fieldKey: readonly NumberedKey[];
  readonly indexKey: Buffer;
  /** The population service that authenticates identity documents; the local register when absent. */
  readonly identity?: { readonly url: string; readonly token?: string; readonly timeout: number; readonly attempts: number };
  /** Registers of other stages and kinds of school, asked whether they hold a person; one without an address is not asked. */
  readonly registers: {
    readonly asked: Readonly<Record<string, { readonly url: string; readonly key?: string }>>;
    readonly timeout: number;
    readonly againDays: number;
    readonly reach: 'public' | 'any';
  };
  /** Whose access tokens are taken beside those of local accounts; `claim` holds the user name. */
  readonly issuer?: { readonly issuer: string; readonly audience: string };
  /** This system as a confidential client of that issuer, for people who sign in on a page. */
  readonly issuerClient?: { readonly issuer: string; readonly id: string; readonly secret: string };
  /** The address by which the public reaches this system, without a path. */
  readonly publicUrl: string;
  /** Whose pages may call the API from a browser. */
  readonly corsOrigins: readonly string[];
  /** File of the private key that signs certificates; outside the database. */
  readonly certificateKeyFile: string;
  /** Whose `X-Forwarded-For` is believed: so many proxies in a row before the API, or those at these addresses and networks. */
  readonly trustProxy: number | string;
  readonly demo: boolean;
  readonly sessionHours: number;
  /** How long a service account lasts at most. */
  readonly serviceAccountDays: number;
  /** How long a request may take to arrive. */
  readonly requestSeconds: number;
  readonly requestsPerMinute: number;
  readonly verificationsPerMinute: number;
  readonly daily: Readonly<Record<DailyLimit, number>>;
  /** How many times as much all persons of an organisation may do together as one of them. */
  readonly organisationTimes: number;
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

/** What a person may do a day. */
export type DailyLimit = 'dossiers' | 'uploadedBytes' | 'unmaskings' | 'possibleDuplicates' | 'listed' | 'exports';

export const CONFIG = Symbol('the configuration');

/** Thrown once, naming every wrong value. */
export class InvalidConfiguration extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Configuration is not valid:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/** @throws InvalidConfiguration with every wrong value named */
export function parseConfig(env: Env = process.env): Config {
  const read = readFrom(env);
  const dataDir = path.resolve(read.DATA_DIR);
  const { TEMPORAL_TLS_CA: ca, TEMPORAL_TLS_CERT: cert, TEMPORAL_TLS_KEY: key } = read;
  return {
    port: read.PORT,
    host: read.HOST,
    dataDir,
    databaseUrl: read.DATABASE_URL,
    databaseOwnerUrl: read.DATABASE_OWNER_URL,
    databasePool: read.DATABASE_POOL,
    temporal: {
      address: read.TEMPORAL_ADDRESS,
      namespace: read.TEMPORAL_NAMESPACE,
      taskQueue: read.TEMPORAL_TASK_QUEUE,
      tls: ca || cert ? { ca, cert, key } : undefined,
    },
    temporalUiUrl: read.TEMPORAL_UI_URL,
    temporalUiOrigin: read.TEMPORAL_UI_ORIGIN,
    payloadKey: read.PAYLOAD_KEY?.map(({ key }) => key),
    fieldKey: read.FIELD_KEY,
    indexKey: read.INDEX_KEY,
    identity: identityIn(read),
    registers: registersIn(read),
    issuer: issuerIn(read),
    issuerClient: issuerClientIn(read),
    publicUrl: read.PUBLIC_URL,
    corsOrigins: read.CORS_ORIGINS,
    certificateKeyFile: path.resolve(read.CERTIFICATE_KEY_FILE ?? path.join(dataDir, 'certificate-key.pem')),
    trustProxy: read.TRUST_PROXY,
    demo: read.DEMO === 'true',
    sessionHours: read.SESSION_HOURS,
    serviceAccountDays: read.SERVICE_ACCOUNT_DAYS,
    evidenceMaxBytes: read.EVIDENCE_MAX_MB * 1024 * 1024,
    evidenceDays: read.EVIDENCE_DAYS,
    requestSeconds: read.REQUEST_SECONDS,
    requestsPerMinute: read.REQUESTS_PER_MINUTE,
    daily: {
      dossiers: read.DOSSIERS_PER_DAY,
      uploadedBytes: read.UPLOADED_MB_PER_DAY * 1024 * 1024,
      unmaskings: read.UNMASKINGS_PER_DAY,
      possibleDuplicates: read.DUPLICATES_PER_DAY,
      listed: read.LISTED_PER_DAY,
      exports: read.EXPORTS_PER_DAY,
    },
    verificationsPerMinute: read.VERIFICATIONS_PER_MINUTE,
    organisationTimes: read.ORGANISATION_TIMES,
    scanner: read.SCANNER_URL,
    metricsPort: read.METRICS_PORT,
    workerMetricsPort: read.WORKER_METRICS_PORT,
    workflowBundle: path.resolve(read.WORKFLOW_BUNDLE ?? path.join(import.meta.dirname, '..', '..', 'workflow-bundle.js')),
    workflowCache: read.WORKFLOW_CACHE,
    anchorFile: path.resolve(read.ANCHOR_FILE ?? path.join(dataDir, 'ledger-anchors.jsonl')),
    logLevel: read.LOG_LEVEL,
    webhookReach: read.WEBHOOK_REACH,
    mail: read.SMTP_URL && read.MAIL_FROM ? { url: read.SMTP_URL, from: read.MAIL_FROM } : undefined,
  };
}

type Group = (typeof SETTINGS)[keyof typeof SETTINGS];
type AllOf<Union> = (Union extends unknown ? (of: Union) => void : never) extends (of: infer All) => void ? All : never;
type Settings = AllOf<z.output<Group>>;

/** The groups are judged one by one, so that what goes together in one is judged also while another is wrong. */
function readFrom(env: Env): Settings {
  const given = { ...env, DATABASE_OWNER_URL: env.DATABASE_OWNER_URL?.trim() || env.DATABASE_URL };
  const groups = Object.values<z.ZodType>(SETTINGS).map((group) => group.safeParse(given));
  const problems = groups.flatMap(({ error }) => error?.issues ?? []).map(({ path: [name], message }) => `${String(name)} ${message}`);
  if (problems.length > 0) throw new InvalidConfiguration([...new Set(problems)]);
  return Object.assign({}, ...groups.map(({ data }) => data)) as Settings;
}

function identityIn({ IDENTITY_URL: url, IDENTITY_TOKEN: token, IDENTITY_TIMEOUT_MS, IDENTITY_ATTEMPTS }: Settings): Config['identity'] {
  return url ? { url, token, timeout: IDENTITY_TIMEOUT_MS, attempts: IDENTITY_ATTEMPTS } : undefined;
}

function registersIn(read: Settings): Config['registers'] {
  const all = {
    compulsory: [read.REGISTER_COMPULSORY_URL, read.REGISTER_COMPULSORY_KEY],
    seniorHigh: [read.REGISTER_SENIOR_HIGH_URL, read.REGISTER_SENIOR_HIGH_KEY],
    skilledWorker: [read.REGISTER_SKILLED_WORKER_URL, read.REGISTER_SKILLED_WORKER_KEY],
    university: [read.REGISTER_UNIVERSITY_URL, read.REGISTER_UNIVERSITY_KEY],
  } as const;
  return {
    asked: Object.fromEntries(Object.entries(all).flatMap(([name, [url, key]]) => (url ? [[name, { url, key }]] : []))),
    timeout: read.REGISTERS_TIMEOUT_MS,
    againDays: read.REGISTERS_AGAIN_DAYS,
    reach: read.REGISTERS_REACH,
  };
}

function issuerIn({ OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience }: Settings): Config['issuer'] {
  return issuer && audience ? { issuer, audience } : undefined;
}

function issuerClientIn({ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: id, OIDC_CLIENT_SECRET: secret }: Settings): Config['issuerClient'] {
  return issuer && id && secret ? { issuer, id, secret } : undefined;
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
