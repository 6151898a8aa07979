import { readdirSync, readFileSync } from 'node:fs';
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import * as workflows from '../../workflows/index.js';

const { History } = proto.temporal.api.history.v1;
type History = proto.temporal.api.history.v1.IHistory;

/** A workflow's history as plain JSON. The SDK's own `historyToJSON` fails where npm installs protobufjs more than once. */
export const historyAsJson = (history: History): object =>
  History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String }) as object;

/** The text with every base64 payload beside its decoded form. */
export function laidOpen(text: string): string {
  const payloads = text.match(/"[A-Za-z0-9+/]{8,}={0,2}"/g) ?? [];
  return [text, ...payloads.map((data) => Buffer.from(data, 'base64').toString('utf8'))].join('\n');
}

/** The history as the replayer takes it. */
const historyFromJson = (json: object): unknown => History.fromObject(json);

export interface Recorded {
  readonly workflowId: string;
  readonly history: object;
}

/** The type of the workflow whose history it is. */
export const typeOf = ({ history }: Recorded): string | undefined =>
  (history as History).events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? undefined;

/** The types of workflow that a worker runs: what the workflows export by name. */
export const workflowTypes = (): string[] => Object.keys(workflows).sort();

export const presentBundle = (): string => readFileSync(new URL('../../workflow-bundle.js', import.meta.url), 'utf8');

/** What came of replaying each history on an interpreter: `error` only where it went another way. */
export async function replayed(code: string, recorded: readonly Recorded[]): Promise<{ workflowId: string; error?: Error }[]> {
  const histories = recorded.map(({ workflowId, history }) => ({ workflowId, history: historyFromJson(history) }));
  const results = [];
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: { code } }, histories))
    results.push({ workflowId, ...(error ? { error } : {}) });
  return results;
}

const FOLDER = new URL('../../../test/workflows/histories/', import.meta.url);

/** The histories kept of every release. */
export const recorded = (): Recorded[] =>
  readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Recorded);
