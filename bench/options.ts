import { parseArgs } from 'node:util';

const SCENARIOS = ['transfer', 'inbox', 'amendment', 'overdue', 'figures', 'deadlines'] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface Options {
  /** Length of one slice. */
  readonly seconds: number;
  /** Slices per subject and number of clients; the subjects take turns. */
  readonly rounds: number;
  /** Numbers of clients, each measured on its own. */
  readonly clients: readonly number[];
  readonly scenarios: readonly Scenario[];
  /** How many real deadlines are due at the same instant. */
  readonly deadlines: number;
  /** Also the peers that need Java and Maven. */
  readonly peers: boolean;
  /** Also counts the SQL statements of the hot paths, by pg_stat_statements. */
  readonly statements: boolean;
}

const USAGE = [
  'npm run bench -- [--seconds 10] [--rounds 3] [--clients 1,16]',
  '[--scenario transfer,inbox,amendment,overdue,figures,deadlines] [--deadlines 10000] [--peers] [--statements]',
].join(' ');

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${text} is not a whole number above 0\n${USAGE}`);
  return value;
}

function scenario(text: string): Scenario {
  const found = SCENARIOS.find((one) => one === text);
  if (found) return found;
  throw new Error(`there is no scenario ${text}\n${USAGE}`);
}

export function optionsFrom(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '3' },
      clients: { type: 'string', default: '1,16' },
      scenario: { type: 'string', default: SCENARIOS.join(',') },
      deadlines: { type: 'string', default: '10000' },
      peers: { type: 'boolean', default: false },
      statements: { type: 'boolean', default: false },
    },
  });
  return {
    seconds: whole(values.seconds),
    rounds: whole(values.rounds),
    clients: values.clients.split(',').map(whole),
    scenarios: values.scenario.split(',').map(scenario),
    deadlines: whole(values.deadlines),
    peers: values.peers,
    statements: values.statements,
  };
}
