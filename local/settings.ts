import path from 'node:path';
import { InvalidConfiguration, parseConfig } from '../src/platform/config.js';
import { projectRoot } from './project.js';

/** What moves `npm start` from its usual places. */
export interface Settings {
  port: number;
  host: string;
  dataDir: string;
  /** A PostgreSQL of one's own instead of the embedded one; its user must be allowed to create roles. */
  databaseUrl?: string;
  /** A Temporal server of one's own instead of the CLI's. */
  temporalAddress?: string;
  temporalPort?: number;
  temporalUiPort?: number;
}

function portIn(env: NodeJS.ProcessEnv, name: string, problems: string[]): number | undefined {
  const text = env[name]?.trim();
  if (!text) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) problems.push(`${name} must be a port from 1 to 65535, not "${text}"`);
  return value;
}

/** @param more what else is wrong with the environment, to be said with it @throws InvalidConfiguration with every wrong value named */
export function settingsFrom(env: NodeJS.ProcessEnv, more: (env: NodeJS.ProcessEnv) => readonly string[] = () => []): Settings {
  const problems: string[] = [];
  const settings = {
    port: portIn(env, 'PORT', problems) ?? 3000,
    // The demonstration's passwords are public, so only this machine is served unless HOST says otherwise.
    host: env.HOST?.trim() || '127.0.0.1',
    dataDir: path.resolve(projectRoot, env.DATA_DIR?.trim() || '.data'),
    databaseUrl: env.DATABASE_URL?.trim() || undefined,
    temporalAddress: env.TEMPORAL_ADDRESS?.trim() || undefined,
    temporalPort: portIn(env, 'TEMPORAL_PORT', problems),
    temporalUiPort: portIn(env, 'TEMPORAL_UI_PORT', problems),
  };
  const named = new Set(problems.map(nameIn));
  problems.push(...more(env).filter((problem) => !named.has(nameIn(problem))));
  if (problems.length > 0) throw new InvalidConfiguration(problems);
  return settings;
}

const nameIn = (problem: string): string => problem.split(' ')[0] ?? '';

/**
 * What API and worker would refuse to start with, said before any engine is started for them. What `npm start` brings itself is not asked
 * for.
 */
export function configurationFaults(env: NodeJS.ProcessEnv): readonly string[] {
  const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
  const brought = { DATABASE_URL: 'postgresql://brought', FIELD_KEY: key(1), INDEX_KEY: key(2) };
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  try {
    parseConfig({ ...brought, ...given });
    return [];
  } catch (error) {
    if (error instanceof InvalidConfiguration) return error.problems;
    throw error;
  }
}
