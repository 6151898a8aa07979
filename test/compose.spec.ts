/** The production topology as sentences: the Compose file against the specification's own schema, and what the schema cannot say. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { root } from './architecture/source.js';

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly logging?: unknown;
  readonly restart?: string;
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly env_file?: readonly { readonly path: string; readonly required: boolean }[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
}

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
  volumes: Record<string, unknown>;
};
const tls = parse(read('docker-compose.tls.yml'), { merge: true }) as {
  services: Record<string, { environment: Record<string, string>; secrets: string[] }>;
  secrets: Record<string, { file: string }>;
};
const services = Object.entries(compose.services);
const service = (name: string): Service => compose.services[name] as Service;
const names = (found: readonly (readonly [string, unknown])[]): string[] => found.map(([name]) => name);
const isLongRunning = ({ restart }: Service): boolean => restart === 'unless-stopped';

/** The schema of compose-spec as dclint ships it; its package does not export the file, so it is found beside its package.json. */
function composeSchema(): object {
  const home = path.dirname(createRequire(import.meta.url).resolve('dclint/package.json'));
  const schema = JSON.parse(readFileSync(path.join(home, 'schemas', 'compose.schema.json'), 'utf8')) as object;
  return { ...schema, $schema: 'http://json-schema.org/draft-07/schema#' };
}

describe('docker-compose.yml', () => {
  const valid = new Ajv({ strict: false, validateFormats: false }).compile(composeSchema());

  it('is a Compose file by the specification', () => {
    valid(compose);
    expect(valid.errors ?? []).toEqual([]);
  });

  it('stays one with mutual TLS laid over it', () => {
    valid(tls);
    expect(valid.errors ?? []).toEqual([]);
  });

  it('would not be one with a misspelt key', () => {
    expect(valid({ services: { api: { image: 'xueji:1', helthcheck: {} } } })).toBe(false);
  });

  it('runs PostgreSQL, Temporal with its schema, namespace and UI, the migration, the API and the worker', () => {
    expect(names(services).sort()).toEqual(
      ['api', 'migrate', 'postgres', 'temporal', 'temporal-namespace', 'temporal-schema', 'temporal-ui', 'worker'].sort(),
    );
  });

  it('pins every image of others to an exact version, and asks for the version of its own', () => {
    const own = /^xueji:\$\{XUEJI_VERSION:\?/;
    const exact = /:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/;
    expect(names(services.filter(([, { image }]) => !own.test(image) && !exact.test(image)))).toEqual([]);
  });

  it('runs the server, the schema tools and the CLI of Temporal in one version', () => {
    const versions = services.flatMap(([, { image }]) => /^temporalio\/(?:server|admin-tools):(.*)$/.exec(image)?.[1] ?? []);
    expect(versions).toHaveLength(3);
    expect(new Set(versions).size).toBe(1);
  });

  it('checks the health of every service that keeps running', () => {
    expect(names(services.filter(([, each]) => isLongRunning(each) && !each.healthcheck?.test.length))).toEqual([]);
  });

  it('takes every capability from every container, and forbids new privileges', () => {
    const loose = services.filter(
      ([, each]) => !each.cap_drop?.includes('ALL') || !each.security_opt?.some((option) => option.startsWith('no-new-privileges')),
    );
    expect(names(loose)).toEqual([]);
  });

  it('publishes ports of the API and the UI only, and only to the machine itself', () => {
    const published = services.filter(([, { ports }]) => ports?.length);
    expect(names(published).sort()).toEqual(['api', 'temporal-ui']);
    expect(published.flatMap(([, { ports }]) => ports ?? []).filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('keeps Temporal and PostgreSQL on networks without a way out', () => {
    for (const name of ['temporal', 'postgres'])
      expect(service(name).networks.filter((network) => !compose.networks[network]?.internal)).toEqual([]);
  });

  it('lets API and worker reach what is outside: the issuer, the population service, mail and webhooks', () => {
    for (const name of ['api', 'worker']) {
      expect(service(name).networks.some((network) => !compose.networks[network]?.internal)).toBe(true);
      expect(service(name).env_file).toEqual([{ path: 'outside.env', required: false }]);
    }
  });

  it('bounds the log of every container, and lets PostgreSQL log no value of a row', () => {
    const bounded = {
      driver: 'json-file',
      options: { 'max-size': expect.stringMatching(/^\d+m$/), 'max-file': expect.stringMatching(/^\d+$/) },
    };
    for (const [, { logging }] of services) expect(logging).toEqual(bounded);
    expect(service('postgres').command).toContain('log_error_verbosity=terse');
  });

  it('never serves metrics at a port that is published, to the proxy or anybody else', () => {
    const { environment, ports = [] } = service('api');
    expect(environment?.METRICS_PORT).toMatch(/^\d+$/);
    expect(environment?.METRICS_PORT).not.toBe(environment?.PORT);
    expect(ports.filter((port) => !port.endsWith(`:${environment?.PORT}`))).toEqual([]);
    expect(service('worker').ports).toBeUndefined();
  });

  it('lets only the processes that store acts, and Temporal, reach PostgreSQL', () => {
    const near = services.filter(([, { networks }]) => networks.includes('data'));
    expect(names(near).sort()).toEqual(['api', 'migrate', 'postgres', 'temporal', 'temporal-schema', 'worker']);
  });

  it('shows the Temporal UI only to signed-in operators, and lets nobody act through it', () => {
    const { environment } = service('temporal-ui');
    expect(environment).toMatchObject({ TEMPORAL_AUTH_ENABLED: 'true', TEMPORAL_DISABLE_WRITE_ACTIONS: 'true' });
    for (const name of ['PROVIDER_URL', 'CLIENT_ID', 'CLIENT_SECRET'])
      expect(environment?.[`TEMPORAL_AUTH_${name}`]).toMatch(/^\$\{[A-Z_]+:\?/);
  });

  it('gives no secret a default value', () => {
    const secret = /(PASSWORD|PWD|SECRET|_KEY|_URL)$/;
    const notSecret = /^(TEMPORAL_TLS_KEY|TEMPORAL_AUTH_(PROVIDER|CALLBACK)_URL)$/; // a path, and public addresses
    const held = services.flatMap(([, { environment }]) =>
      Object.entries(environment ?? {}).filter(([name]) => secret.test(name) && !notSecret.test(name)),
    );
    expect(held.length).toBeGreaterThan(10);
    expect(held.filter(([, value]) => !/\$\{[A-Z_]+:\?[^}]+\}/.test(value))).toEqual([]);
    expect(text).not.toMatch(/\$\{[A-Z_]*(PASSWORD|SECRET|_KEY)\b(?<!TLS_KEY)(:?-|\})/);
  });

  it('hands the owner’s login to the migration alone', () => {
    const holders = services.filter(([, { environment }]) => JSON.stringify(environment ?? {}).includes('xueji_owner:'));
    expect(names(holders)).toEqual(['migrate']);
  });

  it('starts API and worker only after the migration has succeeded, and Temporal only after its schema', () => {
    const after = { condition: 'service_completed_successfully' };
    expect([service('api').depends_on?.migrate, service('worker').depends_on?.migrate]).toEqual([after, after]);
    expect(service('temporal').depends_on?.['temporal-schema']).toEqual(after);
  });

  it('starts the API without waiting for Temporal: decisions are taken while Temporal is down', () => {
    expect(Object.keys(service('api').depends_on ?? {})).toEqual(['migrate']);
  });

  it('gives a worker longer to stop than the longest activity takes', () => {
    expect(parseInt(service('worker').stop_grace_period ?? '0')).toBeGreaterThan(30);
  });

  it('keeps the database and the evidence in named volumes, the database where PostgreSQL 18 writes it', () => {
    expect(Object.keys(compose.volumes).sort()).toEqual(['database', 'evidence']);
    expect(service('postgres').volumes).toContain('database:/var/lib/postgresql');
    for (const name of ['api', 'worker']) expect(service(name).volumes).toContain('evidence:/data');
  });

  it('is no demonstration: nothing sets DEMO', () => {
    expect(names(services.filter(([, { environment }]) => environment && 'DEMO' in environment))).toEqual([]);
  });

  it('mounts only files that are in the repository', () => {
    const mounted = services.flatMap(([, { volumes }]) => volumes ?? []).flatMap((each) => /^\.\/[^:]+/.exec(each)?.[0] ?? []);
    expect(mounted.length).toBeGreaterThan(3);
    expect(mounted.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  it('asks for the number of history shards, which nobody can change later', () => {
    expect(service('temporal').environment?.NUM_HISTORY_SHARDS).toMatch(/:\?/);
  });
});

describe('docker-compose.tls.yml', () => {
  it('lets nobody talk to Temporal without a client certificate', () => {
    expect(tls.services.temporal?.environment.TEMPORAL_TLS_REQUIRE_CLIENT_AUTH).toBe('true');
  });

  it('gives every client of Temporal its certificate, by file', () => {
    const clients = services.filter(([, { environment }]) => environment?.TEMPORAL_ADDRESS && !environment.DATABASE_OWNER_URL);
    expect(names(clients).sort()).toEqual(['api', 'temporal-namespace', 'temporal-ui', 'worker']);
    for (const [name] of clients)
      expect(tls.services[name]?.secrets).toEqual(['temporal-ca', 'temporal-client-cert', 'temporal-client-key']);
    expect(Object.values(tls.secrets).filter(({ file }) => !file.startsWith('${TEMPORAL_TLS_DIR:?'))).toEqual([]);
  });
});

describe('the image', () => {
  const lines = read('Dockerfile').split('\n');
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));

  it('is built from an exactly pinned Node, in every stage', () => {
    const bases = lines.filter((line) => line.startsWith('FROM '));
    expect(bases.length).toBeGreaterThan(1);
    expect(bases.filter((line) => !/^FROM node:24\.\d+\.\d+-bookworm-slim( AS \w+)?$/.test(line))).toEqual([]);
  });

  it('ends as a user who is not root', () => {
    expect(last.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
    expect(last.findIndex((line) => line.startsWith('USER '))).toBeLessThan(last.findIndex((line) => line.startsWith('CMD ')));
  });

  it('holds no development dependency and no test, and says how its health is asked', () => {
    expect(lines.join('\n')).toContain('npm prune --omit=dev');
    expect(lines.join('\n')).toMatch(/rm -rf dist\/test/);
    expect(last.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true);
  });

  it('is built from a context that refuses what is not named', () => {
    const rules = read('.dockerignore')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(rules[0]).toBe('*');
    expect(rules).toContain('**/.env*');
  });
});
