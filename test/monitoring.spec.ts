/** The files for Prometheus and Grafana: their form, and that each expression names metrics which the product exports. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { root } from './architecture/source.js';
import { GAUGES } from '../src/health/gauges.js';

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
const rulesFile = parse(read('deploy/prometheus-rules.yml')) as { groups: { rules: Rule[] }[] };
const rules = rulesFile.groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(read('deploy/grafana-dashboard.json')) as {
  panels: { id: number; title: string; targets: { expr: string }[] }[];
};

/** Of the service itself, of the Node client's defaults that are used, and of Prometheus. */
const EXPORTED = new Map<string, readonly string[]>([
  ...GAUGES.map(({ name, labels }) => [name, labels] as const),
  ...['count', 'sum'].map((end) => [`xueji_http_seconds_${end}`, ['method', 'route', 'status']] as const),
  ['xueji_http_seconds_bucket', ['method', 'route', 'status', 'le']],
  ['xueji_decision_seconds_bucket', ['le']],
  ['xueji_workers_polling', []],
  ['xueji_pool_connections', ['state']],
  ['xueji_wakes_waiting', []],
  ['xueji_wakes_dropped', []],
  ['nodejs_eventloop_lag_p99_seconds', []],
  ['process_resident_memory_bytes', []],
  ['up', ['job']],
]);
const FUNCTIONS = new Set('time absent sum max by rate histogram_quantile topk'.split(' '));

/** What of an expression is wrong: brackets, words that are no function, metrics and labels that the product has not. */
function faultsOf(expr: string): string[] {
  const bare = expr.replace(/"[^"]*"/g, '""');
  const open = [...bare].reduce<string[]>((stack, c) => {
    if ('([{'.includes(c)) return [...stack, c];
    const at = ')]}'.indexOf(c);
    if (at < 0) return stack;
    return stack.at(-1) === '([{'[at] ? stack.slice(0, -1) : [...stack, c];
  }, []);
  const labelled = [...bare.matchAll(/([a-z_]+)\{([^}]*)\}/g)].flatMap(([, metric = '', matchers = '']) =>
    [...matchers.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)/g)].filter(([, label]) => !EXPORTED.get(metric)?.includes(label ?? '')),
  );
  const grouped = [...bare.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/,\s*/));
  const known = [...bare.replace(/\bby \([^)]*\)|\{[^}]*\}|\[[^\]]*\]/g, '').matchAll(/[a-z][a-z0-9_]*/g)].map(([word]) => word);
  const metrics = known.filter((word) => !FUNCTIONS.has(word));
  const labels = new Set(metrics.flatMap((metric) => EXPORTED.get(metric) ?? []));
  return [
    ...open,
    ...labelled.map(([matcher]) => matcher),
    ...metrics.filter((metric) => !EXPORTED.has(metric)),
    ...grouped.filter((name) => !labels.has(name)),
  ];
}

describe('deploy/prometheus-rules.yml', () => {
  const text = { type: 'string', minLength: 1 };
  const closed = { type: 'object', additionalProperties: false };
  const rule = {
    ...closed,
    required: ['alert', 'expr', 'for', 'labels', 'annotations'],
    properties: {
      alert: { type: 'string', pattern: '^Xueji[A-Za-z]+$' },
      expr: text,
      for: { type: 'string', pattern: '^\\d+[smhd]$' },
      labels: { ...closed, required: ['severity'], properties: { severity: { enum: ['critical', 'warning', 'info'] } } },
      annotations: { ...closed, required: ['summary', 'runbook'], properties: { summary: text, runbook: text } },
    },
  };
  const group = { ...closed, required: ['name', 'rules'], properties: { name: text, rules: { type: 'array', items: rule } } };
  const valid = new Ajv().compile({ ...closed, required: ['groups'], properties: { groups: { type: 'array', items: group } } });

  it('has the form of a file of rules, each with a severity, a summary and a runbook, once by name', () => {
    valid(rulesFile);
    expect(valid.errors ?? []).toEqual([]);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    expect(valid({ groups: [{ name: 'x', rules: [{ alert: 'XuejiX', exp: 'up' }] }] })).toBe(false);
  });

  it.each(rules.map(({ alert, expr }) => [alert, expr]))('%s asks for metrics and labels that the product exports', (_alert, expr) => {
    expect(faultsOf(expr)).toEqual([]);
  });

  it('is read by a test that knows a wrong name, label or bracket', () => {
    expect(faultsOf('sum by (of) (xueji_backlog) > 0')).toEqual([]);
    expect(faultsOf('xueji_backlogs > 0')).toEqual(['xueji_backlogs']);
    expect(faultsOf('sum by (what) (xueji_backlog)')).toEqual(['what']);
    expect(faultsOf('xueji_backlog{what="mail"}')).toEqual(['what=']);
    expect(faultsOf('sum(xueji_backlog')).toEqual(['(']);
  });

  it('has a page in the runbook for each alert, and no page without one', () => {
    expect(rules.map(({ annotations }) => annotations.runbook).filter((page) => !existsSync(path.join(root, page)))).toEqual([]);
    const pages = readdirSync(path.join(root, 'docs/runbook')).filter((page) => page !== 'README.md');
    expect(pages.sort()).toEqual(rules.map(({ annotations }) => path.basename(annotations.runbook)).sort());
    for (const { annotations, alert } of rules) expect(read(annotations.runbook)).toMatch(new RegExp(`^# ${alert}\n`));
  });
});

describe('deploy/grafana-dashboard.json', () => {
  it('asks in every panel for metrics and labels that the product exports', () => {
    const wrong = dashboard.panels.map(({ title, targets }) => [title, ...targets.flatMap(({ expr }) => faultsOf(expr))]);
    expect(wrong.filter(([, ...faults]) => faults.length > 0)).toEqual([]);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});
