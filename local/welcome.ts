interface Organisation {
  id: string;
  code: string;
  name: string;
  type: string;
  level: string;
  parentId: string | null;
}

export interface Account {
  username: string;
  password: string;
  office: string;
  organisation: Organisation;
}

/** Digits of a division code that name the province. */
const provinceOf = ({ organisation }: Account) => organisation.code.slice(0, 2);
const isVocational = ({ organisation }: Account) => organisation.level === 'school' && !/ordinary|middle/i.test(organisation.type);

function sideOf(accounts: readonly Account[], clerk: Account): Account[] {
  const authority = accounts.filter(({ organisation }) => organisation.id === clerk.organisation.parentId);
  const school = accounts.filter(({ organisation }) => organisation.id === clerk.organisation.id);
  const of = (group: Account[], office: string) => group.filter((account) => account.office === office).slice(0, 1);
  return [
    ...of(school, 'schoolClerk'),
    ...of(school, 'schoolReviewer'),
    ...of(authority, 'authorityReviewer'),
    ...of(authority, 'authoritySupervisor'),
  ];
}

/** The accounts that carry a transfer between two provinces (filer, reviewers and supervisors of both sides), and the operator. */
export function accountsForTransfer(accounts: readonly Account[]): Account[] {
  const clerks = accounts.filter((account) => account.office === 'schoolClerk' && isVocational(account));
  const source = clerks[0];
  const destination = source && clerks.find((clerk) => provinceOf(clerk) !== provinceOf(source));
  if (!source || !destination) return accounts.slice(0, 10);
  return [
    ...sideOf(accounts, source),
    ...sideOf(accounts, destination),
    ...accounts.filter(({ office }) => office === 'operator').slice(0, 1),
  ];
}

/** Columns a Chinese character takes two of. */
const width = (text: string) =>
  [...text].reduce(
    (sum, char) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(char) ? 2 : 1),
    0,
  );

/** Rows with their columns aligned. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  const line = (row: readonly string[]) => row.map((cell, column) => cell + ' '.repeat(widths[column]! - width(cell))).join('  ');
  return rows.map((row) => `  ${line(row).trimEnd()}`).join('\n');
}

export interface Addresses {
  api: string;
  temporalUi?: string;
  logs: string;
}

/** What a person sees when the system is up: addresses, accounts, a first request. */
export function welcome({ api, temporalUi, logs }: Addresses, accounts: readonly Account[]): string {
  const shown = accountsForTransfer(accounts);
  const places = [
    ['工作台 workbench', api],
    ['接口 API', `${api}/api/v1`],
    ['接口文档 API docs', `${api}/docs`],
    ...(temporalUi ? [['流程界面 Temporal UI', temporalUi]] : []),
    ['日志 logs', logs],
  ];
  const people = [
    ['用户 username', '密码 password', '职务 office', '单位 organisation'],
    ...shown.map((a) => [a.username, a.password, a.office, a.organisation.name]),
  ];
  const first = shown[0];
  const curl = first && [
    '先登录 Log in first:',
    `  curl -s ${api}/api/v1/sessions -H 'content-type: application/json' \\`,
    `    -d '${JSON.stringify({ username: first.username, password: first.password })}'`,
  ];
  const all = shown.length < accounts.length ? [`  … 其余账号 all ${accounts.length} accounts: ${api}/api/v1/demo`] : [];
  return [
    '',
    '学籍 xueji is up.',
    '',
    table(places),
    ...(first ? ['', table(people), ...all, '', ...curl!] : []),
    '',
    'Ctrl-C 停止 stops it; npm run reset 清除数据 removes its data.',
    '',
  ].join('\n');
}
