import path from 'node:path';
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

function port(env: NodeJS.ProcessEnv, name: string): number | undefined {
  const text = env[name]?.trim();
  if (!text) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) throw new Error(`${name} must be a port from 1 to 65535, not "${text}".`);
  return value;
}

export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
  return {
    port: port(env, 'PORT') ?? 3000,
    // The demonstration's passwords are public, so only this machine is served unless HOST says otherwise.
    host: env.HOST?.trim() || '127.0.0.1',
    dataDir: path.resolve(projectRoot, env.DATA_DIR?.trim() || '.data'),
    databaseUrl: env.DATABASE_URL?.trim() || undefined,
    temporalAddress: env.TEMPORAL_ADDRESS?.trim() || undefined,
    temporalPort: port(env, 'TEMPORAL_PORT'),
    temporalUiPort: port(env, 'TEMPORAL_UI_PORT'),
  };
}
