import type { AmendmentResults } from './amendment-scenario.js';
import type { InboxResults } from './inbox-scenario.js';
import type { FiguresResults } from './figures-scenario.js';
import { LEVELS } from './inbox-scenario.js';
import type { OverdueResults } from './overdue-scenario.js';
import type { TransferResults } from './transfer-scenario.js';

export interface Verdict {
  readonly what: string;
  readonly ratio: number;
  /** The ratio must be at most, or at least, this. */
  readonly target: { readonly atMost: number } | { readonly atLeast: number };
  readonly met: boolean;
}

function verdict(what: string, ratio: number, target: Verdict['target']): Verdict {
  return { what, ratio: Math.round(ratio * 100) / 100, target, met: 'atMost' in target ? ratio <= target.atMost : ratio >= target.atLeast };
}

/** What a run has measured. */
export interface Measured {
  readonly transfer?: TransferResults;
  readonly inbox?: InboxResults;
  readonly amendment?: AmendmentResults;
  readonly late?: OverdueResults;
  readonly sets?: FiguresResults;
}

/** The ratios within one run against their targets; they hold on any machine, the milliseconds do not. */
export function verdicts({ transfer, inbox, amendment, late, sets }: Measured): Verdict[] {
  const found: Verdict[] = [];
  const { product, barePostgres, bareTemporal } = transfer?.subjects ?? {};
  const one = [product?.['1'], barePostgres?.['1']];
  if (one[0] && one[1])
    found.push(
      verdict('acknowledgement p50, 1 client: product / bare transaction', one[0].acknowledgedMs.p50 / one[1].acknowledgedMs.p50, {
        atMost: 6,
      }),
    );
  const most = Math.max(...Object.keys(product ?? {}).map(Number));
  const many = [product?.[most], bareTemporal?.[most]];
  if (many[0] && many[1])
    found.push(
      verdict(`sustained cases/s, ${most} clients: product / bare Temporal`, many[0].casesPerSecond / many[1].casesPerSecond, {
        atLeast: 1,
      }),
    );
  if (inbox) {
    const [few, lots] = LEVELS.map((open) => inbox.readMs[open]!.p95);
    found.push(verdict('inbox p95: 1,000,000 / 1,000 open tasks', lots! / few!, { atMost: 3 }));
  }
  return [
    ...found,
    ...(amendment ? amendmentVerdicts(amendment) : []),
    ...(late ? lateVerdicts(late) : []),
    ...(sets ? setVerdicts(sets) : []),
  ];
}

/** What issue 15 sets: a statement over a million enrolments takes two seconds at most. */
const setVerdicts = ({ ms }: FiguresResults): Verdict[] => [
  verdict('slowest statement over 1,000,000 enrolments: s / 2', Math.max(...Object.values(ms)) / 2000, { atMost: 1 }),
];

/** What issue 5 sets: milliseconds and a count, since nothing in the run is as much work. */
const amendmentVerdicts = ({ moved, moveMs, decisionMs, longestLockWaitMs, wrongDeadlines }: AmendmentResults): Verdict[] => [
  verdict('deadlines of 100,000 open tasks moved: s / 10', (moveMs / 10_000) * (100_000 / moved), { atMost: 1 }),
  verdict('slowest decision over HTTP meanwhile: ms / 200', Math.max(decisionMs.moving.max, decisionMs.noting.max) / 200, { atMost: 1 }),
  verdict('longest wait for a lock meanwhile: ms / 200', longestLockWaitMs / 200, { atMost: 1 }),
  verdict('wrong deadlines afterwards', wrongDeadlines, { atMost: 0 }),
];

/** What a supervisor waits for; limits in milliseconds, since nothing in the run is as much work. */
const lateVerdicts = ({ ms }: OverdueResults): Verdict[] => {
  const slowest = (of: RegExp) => Math.max(...Object.entries(ms).flatMap(([title, taken]) => (of.test(title) ? [taken] : [])));
  return [
    verdict('overdue table of the nation at 1,000,000 open tasks, slowest grouping: ms / 300', slowest(/^the nation, by/) / 300, {
      atMost: 1,
    }),
    verdict("a supervisor's inbox at 1,000,000 open tasks, slowest: ms / 100", slowest(/inbox$/) / 100, { atMost: 1 }),
  ];
};

const cells = (...values: readonly (string | number)[]): string => `| ${values.join(' | ')} |`;
const headed = (...names: string[]): string[] => [cells(...names), cells(...names.map(() => '---'))];

export const verdictTable = (all: readonly Verdict[]): string[] => [
  ...headed('what', 'ratio', 'target', 'verdict'),
  ...all.map(({ what, ratio, target, met }) =>
    cells(what, ratio, 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`, met ? 'met' : 'NOT MET'),
  ),
];

export function transferTable({ subjects, peers, bytesPerCase }: TransferResults): string[] {
  const measured = Object.entries(subjects).flatMap(([name, byClients]) =>
    Object.entries(byClients).map(([clients, { acknowledgedMs: ack, nextTaskVisibleMs: visible, casesPerSecond }]) => {
      const { postgres, temporal } = bytesPerCase[name]!;
      return cells(name, clients, ack.p50, ack.p95, ack.p99, visible.p50, visible.p95, casesPerSecond, postgres, temporal);
    }),
  );
  const told = Object.entries(peers).flatMap(([name, byClients]) =>
    Object.entries(byClients).map(([clients, runs]) => {
      const run = runs.at(-1);
      return cells(
        `peer ${name}`,
        clients,
        run?.decision_ms?.p50 ?? '',
        run?.decision_ms?.p95 ?? '',
        run?.decision_ms?.p99 ?? '',
        '',
        '',
        run?.cases_per_s ?? '',
        '',
        '',
      );
    }),
  );
  return [
    ...headed(
      'subject',
      'clients',
      'ack p50 ms',
      'p95',
      'p99',
      'next task visible p50 ms',
      'p95',
      'cases/s',
      'PostgreSQL bytes/case',
      'Temporal bytes/case',
    ),
    ...measured,
    ...told,
  ];
}

export const inboxTable = ({ readMs, ofTheOrganisation }: InboxResults): string[] => [
  ...headed('open tasks', 'of the organisation', 'GET /tasks p50 ms', 'p95', 'p99'),
  ...Object.entries(readMs).map(([open, { p50, p95, p99 }]) => cells(open, ofTheOrganisation[open] ?? '', p50, p95, p99)),
];

export const amendmentTable = ({
  openTasks,
  moved,
  noted,
  approvalMs,
  moveMs,
  notesMs,
  decisionMs,
  wrongDeadlines,
}: AmendmentResults): string[] => [
  ...headed('open tasks', 'moved', 'noted', 'approval ms', 'move ms', 'notes ms', 'wrong deadlines'),
  cells(openTasks, moved, noted, approvalMs, moveMs, notesMs, wrongDeadlines),
  '',
  ...headed('decisions over HTTP', 'number', 'p50 ms', 'p95', 'p99', 'max'),
  ...Object.entries(decisionMs).map(([when, { n, p50, p95, p99, max }]) => cells(when, n, p50, p95, p99, max)),
];
