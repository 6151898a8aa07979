import { cpuSeconds } from './cpu.js';
import { slice, type Subject } from './closed-loop.js';
import { Measurements, type Summary } from './measurements.js';
import type { Options } from './options.js';
import { peersFor, type Peer, type PeerRun } from './peers.js';
import { statementsPerCase, type StatementCount } from './statements.js';
import { bytesOf, startSubjects, type Bytes } from './subjects.js';
import type { Engines } from './system.js';

export interface TransferResults {
  /** By subject, then by number of clients. */
  readonly subjects: Readonly<Record<string, Readonly<Record<string, Summary>>>>;
  readonly peers: Readonly<Record<string, Readonly<Record<string, readonly PeerRun[]>>>>;
  readonly bytesPerCase: Readonly<Record<string, Bytes>>;
  /** CPU milliseconds a case by process, at the highest number of clients: what bounds the sustained rate. */
  readonly cpuMsPerCase: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly statements?: readonly StatementCount[];
}

type Say = (line: string) => void;

/** What a subject's slices add up to. */
class Account {
  readonly byClients = new Map<number, Measurements>();
  private grown: Bytes = { postgres: 0, temporal: 0 };
  private cases = 0;
  private readonly cpu = new Map<number, { cases: number; seconds: Map<string, number> }>();

  constructor(
    private readonly engines: Engines,
    readonly subject: Subject,
  ) {}

  async slice(clients: number, seconds: number): Promise<number> {
    const into = this.byClients.get(clients) ?? new Measurements();
    this.byClients.set(clients, into);
    const [before, filed] = [await bytesOf(this.engines, this.subject.name), into.filed.length];
    const cpu = cpuSeconds(this.engines.processes);
    await slice(this.subject, clients, seconds, into);
    this.burnt(clients, cpu, into.filed.length - filed);
    const after = await bytesOf(this.engines, this.subject.name);
    this.grown = {
      postgres: this.grown.postgres + after.postgres - before.postgres,
      temporal: this.grown.temporal + after.temporal - before.temporal,
    };
    this.cases += into.filed.length - filed;
    return (into.rates.at(-1) ?? 0) / 4;
  }

  private burnt(clients: number, before: ReadonlyMap<string, number>, cases: number): void {
    const sum = this.cpu.get(clients) ?? { cases: 0, seconds: new Map<string, number>() };
    for (const [name, now] of cpuSeconds(this.engines.processes))
      sum.seconds.set(name, (sum.seconds.get(name) ?? 0) + now - (before.get(name) ?? 0));
    this.cpu.set(clients, { cases: sum.cases + cases, seconds: sum.seconds });
  }

  cpuMsPerCase(): Record<string, number> {
    const { cases = 1, seconds = new Map<string, number>() } = this.cpu.get(Math.max(...this.cpu.keys())) ?? {};
    const each = [...seconds].map(([name, all]) => [name, Math.round((all * 1000) / cases)] as const);
    return Object.fromEntries(each.filter(([, ms]) => ms > 0));
  }

  bytesPerCase = (): Bytes => ({
    postgres: Math.round(this.grown.postgres / this.cases),
    temporal: Math.round(this.grown.temporal / this.cases),
  });
}

const turn = <T>(all: readonly T[], round: number): T[] => (round % 2 === 1 ? [...all] : [...all].reverse());

const byName = <T, V>(all: readonly T[], name: (one: T) => string, value: (one: T) => V): Record<string, V> =>
  Object.fromEntries(all.map((one) => [name(one), value(one)]));

/** The subjects take turns, slice by slice, so that what else the machine does meets all of them alike. */
export async function transferScenario(engines: Engines, options: Options, say: Say): Promise<TransferResults> {
  const accounts = (await startSubjects(engines)).map((subject) => new Account(engines, subject));
  const peers = await peersFor(engines, options.peers);
  const runs = new Map<string, PeerRun[]>();
  say('Warming up …');
  for (const { subject } of accounts) await slice(subject, Math.max(...options.clients), Math.min(8, options.seconds), new Measurements());
  for (let round = 1; round <= options.rounds; round += 1)
    for (const clients of options.clients) {
      for (const account of turn(accounts, round)) {
        const rate = await account.slice(clients, options.seconds);
        say(`Round ${round}, ${clients} clients, ${account.subject.name}: ${rate.toFixed(1)} cases/s`);
      }
      for (const peer of turn(peers, round)) await runPeer(peer, clients, options.seconds, runs, say);
    }
  const statements = options.statements ? await statementsPerCase(engines, accounts[0]!.subject) : undefined;
  return {
    subjects: byName(
      accounts,
      ({ subject }) => subject.name,
      ({ byClients }) =>
        byName(
          [...byClients],
          ([clients]) => String(clients),
          ([, one]) => one.summary(),
        ),
    ),
    peers: byName(
      peers,
      ({ name }) => name,
      ({ name }) =>
        byName(
          options.clients,
          (n) => String(n),
          (n) => runs.get(`${name} ${n}`) ?? [],
        ),
    ),
    bytesPerCase: byName(
      accounts,
      ({ subject }) => subject.name,
      (one) => one.bytesPerCase(),
    ),
    cpuMsPerCase: byName(
      accounts,
      ({ subject }) => subject.name,
      (one) => one.cpuMsPerCase(),
    ),
    ...(statements ? { statements } : {}),
  };
}

async function runPeer(peer: Peer, clients: number, seconds: number, runs: Map<string, PeerRun[]>, say: Say): Promise<void> {
  const run = await peer.run(clients, seconds);
  const key = `${peer.name} ${clients}`;
  runs.set(key, [...(runs.get(key) ?? []), run]);
  say(`${clients} clients, peer ${peer.name}: ${run.cases_per_s} cases/s`);
}
