import { randomUUID } from 'node:crypto';
import type { ApiClient } from '../fixtures/client.js';
import type { Demonstration, DemoOrganisation } from '../fixtures/demonstration.js';
import { until } from '../fixtures/story.js';

/** What a client asked for, and what it was told in the end: a status, or nothing when the connection broke. */
export interface Entry {
  readonly key: string;
  readonly told: number | 'nothing';
  readonly code?: string;
  readonly milliseconds: number;
  readonly body?: { readonly id?: string };
  readonly resolve: (by?: ApiClient) => Promise<Entry>;
}

/** The answer to a batch of decisions. */
export interface BatchAnswer {
  readonly items: readonly { readonly taskId: string; readonly status: number; readonly task?: { readonly state: string } }[];
}

/**
 * What each client was told, kept outside the system. The key of a request is also its reason or opinion, so the checker finds in the
 * ledger the very act that the client meant.
 */
export class Journal {
  readonly entries = new Map<string, Entry>();

  /** @param body made with the key, which must stand in it as the act's free text */
  async post(client: ApiClient, path: string, body: (key: string) => object, key: string = randomUUID()): Promise<Entry> {
    const began = Date.now();
    const answer = await client.post<{ id?: string; code?: string }>(path, body(key), key).catch(() => undefined);
    const entry: Entry = {
      key,
      told: answer?.status ?? ('nothing' as const),
      code: answer?.body?.code,
      milliseconds: Date.now() - began,
      body: answer?.body,
      resolve: (by = client) => this.post(by, path, body, key),
    };
    this.entries.set(key, entry);
    return entry;
  }

  file(client: ApiClient, studentId: string, destination: DemoOrganisation, evidenceId: string, key?: string): Promise<Entry> {
    const filing = { kind: 'transfer', studentId, details: { destinationSchoolId: destination.id }, evidenceIds: [evidenceId] };
    return this.post(client, '/change-requests', (reason) => ({ ...filing, reason }), key);
  }

  decide(client: ApiClient, task: { id: string; version: number }, verdict = 'approve'): Promise<Entry> {
    return this.post(client, `/tasks/${task.id}/decision`, (opinion) => ({ verdict, opinion, version: task.version }));
  }

  /**
   * Many decisions in one call; each item is an entry of its own, and when nothing was told none of them knows. The same key again is the
   * same call again. The answer, if there was one.
   */
  async decideMany(client: ApiClient, tasks: readonly { id: string; version: number }[], key: string): Promise<BatchAnswer | undefined> {
    const opinionOf = ({ id }: { id: string }) => `${key}:${id}`;
    const items = tasks.map((task) => ({ taskId: task.id, verdict: 'approve', opinion: opinionOf(task), version: task.version }));
    const began = Date.now();
    const answer = await client.post<BatchAnswer>('/tasks/decisions', { items }, key).catch(() => undefined);
    const milliseconds = Date.now() - began;
    for (const [n, task] of tasks.entries()) {
      const told = answer?.status === 200 ? (answer.body.items[n]?.status ?? 500) : (answer?.status ?? ('nothing' as const));
      const resolve = async (by = client) => {
        await this.decideMany(by, tasks, key);
        return this.entries.get(opinionOf(task)) as Entry;
      };
      this.entries.set(opinionOf(task), { key: opinionOf(task), told, milliseconds, resolve });
    }
    return answer?.status === 200 ? answer.body : undefined;
  }

  get unknown(): Entry[] {
    return [...this.entries.values()].filter(({ told }) => told === 'nothing' || told >= 500);
  }

  /** Asks again with the same key until every client knows. */
  async resolve(by?: ApiClient, milliseconds?: number): Promise<void> {
    await until(
      async () => {
        for (const entry of this.unknown) await entry.resolve(by);
        return this.unknown.map(({ told, code }) => `${told} ${code}`);
      },
      (left) => left.length === 0,
      'every key to be resolved',
      milliseconds ?? 30_000,
    );
  }

  told(...statuses: (number | 'nothing')[]): Entry[] {
    return [...this.entries.values()].filter(({ told }) => statuses.includes(told));
  }
}

/** Students of a school and the evidence with which their transfer is filed. */
export async function filings(demo: Demonstration, filer: ApiClient, school: DemoOrganisation, n: number) {
  return Promise.all(Array.from({ length: n }, async () => ({ studentId: demo.student(school.id), evidenceId: await filer.evidence() })));
}
