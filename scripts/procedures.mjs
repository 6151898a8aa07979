/**
 * Writes docs/procedures.md from the procedures, the national policy, the preconditions and the routes of the compiled domain.
 *
 *   npm run procedures                             builds, then writes the file
 *   node scripts/procedures.mjs --check [file]     exits with 1 when the file is not what this script would write
 *
 * The code is asked, not read: a precondition is shown because the domain named its blocker for facts that break it, and a route
 * because `routeFor` made it. A blocker that no probe below brings out stops this script, so that none can be left out.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';

const domain = (name) => import(path.join(root, 'dist', 'src', 'domain', `${name}.js`));
const { PROCEDURES } = await domain('procedures');
const { NATIONAL_DEFAULT, OPTIONAL_RULES } = await domain('policy');
const { transferBlockers } = await domain('preconditions');
const { ENROLMENT_STATES, stateAfter } = await domain('dossier');
const { MESSAGES } = await domain('messages');
const { routeFor } = await domain('route');

const PARTY = {
  sourceSchool: '转出学校 source school',
  destinationSchool: '转入学校 destination school',
  sourceAuthority: '转出方学籍主管部门 source authority',
  destinationAuthority: '转入方学籍主管部门 destination authority',
  filer: '发起单位 filer',
};
const OFFICE = { schoolReviewer: '学校审核人 `schoolReviewer`', authorityReviewer: '主管部门审核人 `authorityReviewer`' };
const ASKS = { placement: '`placement`: 专业、年级、班级、到校日期 major, grade, class, first day' };
const OPTIONAL = {
  notUnderOneTerm: '入学满一学期（140 天） at least a term (140 days) since enrolment',
  notGraduatingGrade: '离预计离校满一年（365 天） at least a year (365 days) before the expected leaving day',
  withinTransferWindow: '一月、二月、七月、八月 in January, February, July or August',
};
/** What `applyTransfer` (src/students/transfer-effect.ts) does in one transaction, told by hand. */
const MOVES = [
  '转出学校的学籍止于生效日，状态改为“%s” the enrolment at the source school ends on the day of effect with the state `%s`',
  '转入学校的学籍自生效日起，状态为 `active`，采用转入学校给出的安置，未给出的专业、年级沿用原值 an `active` enrolment at the destination school begins on it, with the placement that school gave; major and grade that it left out stay',
  '学籍号不变 the student number does not change',
  '申请的证明材料归入学籍档案 the evidence of the request is joined to the dossier',
  '两校不在同一省的，记录两校分别向两省的备案，不阻碍生效 when the schools lie in different provinces, the notice of each school to each province is recorded, which blocks nothing (R-17)',
  '生效日：申请写明的 `effectiveOn`，否则安置的到校日期，否则最后环节同意后办结的当日 the day of effect: `effectiveOn` of the request, else the first day of the placement, else the day the change is carried out after the last approval',
];
const EFFECT = { transfer: MOVES, crossTrackTransfer: MOVES };
const OVERDUE = { remindThenEscalate: '先提醒，逾期上报 remind, then escalate' };
/** What the filer of a kind is not told: `blockersTold`. */
const UNTOLD = {
  crossTrackTransfer:
    '转出方的情况不告知发起单位，统一答复 `student-not-matched`。 The filer may not see the student: matters of the other side are all answered as `student-not-matched`.',
};
const STATE = { transferredOut: '已转出' };

const shown = (table, key, what) => table[key] ?? stop(`no words for the ${what} "${key}"`);
function stop(why) {
  console.error(`scripts/procedures.mjs: ${why}`);
  process.exit(2);
}
const row = (...cells) => `| ${cells.join(' | ')} |`;
const tableOf = (head, rows) => [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))];

// --- preconditions: facts of a filing that nothing speaks against, and ways to spoil them

const school = (id, track, closed = false) => ({ id, track, closed });
const strict = (kind, rules) => ({
  ...NATIONAL_DEFAULT,
  kinds: { ...NATIONAL_DEFAULT.kinds, [kind]: { ...NATIONAL_DEFAULT.kinds[kind], rules } },
});
const sound = (kind, rules = []) => ({
  ...{ kind, policy: strict(kind, rules), today: '2026-08-03', evidence: 10, otherReviewers: 1 },
  student: {
    openRequest: false,
    source: school('a', 'vocational'),
    enrolment: { state: 'active', enrolledOn: '2025-09-01', expectedLeavingOn: '2028-07-01', validFrom: '2025-09-01' },
  },
  destination: school('b', kind === 'crossTrackTransfer' ? 'ordinary' : 'vocational'),
});
const spoiledEnrolment = (change) => (f) => ({ ...f, student: { ...f.student, enrolment: { ...f.student.enrolment, ...change } } });
const SPOILED = [
  (f) => ({ ...f, destination: undefined }),
  (f) => ({ ...f, destination: { ...f.destination, id: f.student.source.id } }),
  (f) => ({ ...f, destination: { ...f.destination, closed: true } }),
  (f) => ({ ...f, destination: { ...f.destination, track: f.kind === 'transfer' ? 'ordinary' : 'vocational' } }),
  (f) => ({ ...f, policy: { ...f.policy, directions: [] } }),
  spoiledEnrolment({ state: 'suspended' }),
  (f) => ({ ...f, student: { ...f.student, openRequest: true } }),
  (f) => ({ ...f, student: f.kind === 'crossTrackTransfer' ? undefined : f.student }),
  (f) => ({ ...f, evidence: 0 }),
  (f) => ({ ...f, otherReviewers: 0 }),
  (f) => ({ ...f, effectiveOn: '2028-01-01' }),
  spoiledEnrolment({ enrolledOn: '2026-07-01' }),
  spoiledEnrolment({ expectedLeavingOn: '2026-09-01' }),
  (f) => ({ ...f, today: '2026-04-01' }),
];
const reached = new Set();

/** The blockers that spoiled facts bring out under these optional rules, by code. */
function blockersOf(kind, rules) {
  const clean = transferBlockers(sound(kind, rules));
  if (clean.length > 0) stop(`the sound ${kind} is refused: ${clean.map(({ code }) => code).join(', ')}`);
  const found = new Map(SPOILED.flatMap((spoil) => transferBlockers(spoil(sound(kind, rules)))).map((blocker) => [blocker.code, blocker]));
  for (const code of found.keys()) reached.add(code);
  return found;
}

const precondition = ({ code, owner }) => [`${MESSAGES[code].zh} ${MESSAGES[code].en}`, `\`${code}\``, shown(PARTY, owner, 'owner')];

function preconditions(kind) {
  const always = blockersOf(kind, []);
  const optional = OPTIONAL_RULES.map((rule) => {
    const [added] = [...blockersOf(kind, [rule]).values()].filter(({ code }) => !always.has(code));
    if (!added) stop(`the optional rule ${rule} never blocks a ${kind}`);
    const on = NATIONAL_DEFAULT.kinds[kind].rules.includes(rule);
    return [`\`${rule}\``, shown(OPTIONAL, rule, 'optional rule'), `\`${added.code}\``, on ? '启用 on' : '停用 off'];
  });
  return [
    '**始终适用的前提 Preconditions, always** (`POST /change-requests/precheck` names all that fail)',
    '',
    ...tableOf(['不符合时 when it fails', '代码 code', '由谁解决 who clears it'], [...always.values()].map(precondition)),
    '',
    ...(UNTOLD[kind] ? [UNTOLD[kind], ''] : []),
    '**由政策启用的前提 Preconditions that a policy switches on** (common provincial practice, not in the regulation)',
    '',
    ...tableOf(['规则 rule', '要求 asks for', '代码 code', '全国默认 national default'], optional),
  ];
}

function requireAllReached() {
  const source = readFileSync(path.join(root, 'dist', 'src', 'domain', 'preconditions.js'), 'utf8');
  const named = [...source.matchAll(/\bblocker\('([a-z-]+)'/g)].map(([, code]) => code);
  const missed = named.filter((code) => !reached.has(code));
  if (named.length === 0 || missed.length > 0) stop(`no probe brings out ${missed.join(', ') || 'any blocker'}: add one to SPOILED`);
}

// --- steps and routes

const workingDays = (step, rules) => Math.min(rules.workingDays[step.party] ?? step.workingDays, step.workingDays);

function steps({ kind, steps: all }) {
  const rules = NATIONAL_DEFAULT.kinds[kind];
  const rows = rules.order.map((party, nth) => {
    const step = all.find((one) => one.party === party) ?? stop(`${kind} has no step of ${party}`);
    const asks = step.asks ? shown(ASKS, step.asks, 'data') : '–';
    return [
      ...[nth + 1, `${step.title.zh} ${step.title.en}`, shown(OFFICE, step.office, 'office'), workingDays(step, rules)],
      ...[shown(OVERDUE, step.onOverdue, 'overdue rule'), asks, step.article],
    ];
  });
  const head = [
    '№',
    '环节 step',
    '职务 office',
    '工作日 working days',
    '逾期 overdue',
    '决定所附数据 data of the decision',
    '条款 article',
  ];
  return [
    ...tableOf(head, rows),
    '',
    rules.parallelAuthorities
      ? '两个主管部门同时办理。 Both authorities decide at the same time.'
      : '环节依次办理。 One step after the other.',
  ];
}

const party = (name, side, more = {}) => ({
  schoolId: `${name} ${side}`,
  authorityId: `authority of ${name}`,
  provinceId: `province of ${name}`,
  ...more,
});
const filer = { organisationId: 'x', personId: 'x' };

function chain(kind, source, destination) {
  const { steps: all, noticesTo } = routeFor(kind, { source, destination, filer }, NATIONAL_DEFAULT);
  const one = ({ capacities, onBehalfOf, workingDays: days }) =>
    `${capacities.map((name) => shown(PARTY, name, 'capacity')).join(' + ')}${onBehalfOf ? '（由另一方主管部门代录回函 its sealed reply recorded by the authority of the other side）' : ''} (${days})`;
  return `${all.map(one).join(' → ')}${noticesTo.length > 0 ? ` → 生效时备案 notices to ${noticesTo.length} provinces on effect` : ''}`;
}

function routes({ kind }) {
  const [a, b] = [party('A', 'school'), party('B', 'school')];
  const cases = [
    ['同一省、不同主管部门 one province, two authorities', a, { ...b, provinceId: a.provinceId }],
    ['同一主管部门 the same authority on both sides', a, { ...b, authorityId: a.authorityId, provinceId: a.provinceId }],
    ['跨省 two provinces', a, b],
    ...(kind === 'crossTrackTransfer'
      ? [
          [
            '转出的普通中学不在本系统内 the source, an ordinary school, answers outside this system (A23)',
            { ...a, answersOutside: true },
            { ...b, provinceId: a.provinceId },
          ],
        ]
      : []),
  ];
  return tableOf(
    ['情形 case', '环节（工作日） steps (working days)'],
    cases.map(([name, source, destination]) => [name, chain(kind, source, destination)]),
  );
}

function effect({ kind }) {
  const from = ENROLMENT_STATES.filter((state) => stateAfter(kind, state) !== undefined);
  const to = stateAfter(kind, from[0]);
  if (from.some((state) => stateAfter(kind, state) !== to)) stop(`${kind} leads to more than one state`);
  const lines = shown(EFFECT, kind, 'effect').map(
    (line) => `- ${line.replace('“%s”', `“${shown(STATE, to, 'state')}”`).replace('%s', to)}`,
  );
  return [`可办理的学籍状态 From the states: ${from.map((state) => `\`${state}\``).join(', ')}.`, '', ...lines];
}

function section(procedure) {
  const { kind, version, title, article, filedBy } = procedure;
  return [
    `## ${title.zh} ${title.en} (\`${kind}\`)`,
    '',
    `${article}. 程序版本 Procedure version ${version}. 发起 Filed by: ${shown(PARTY, filedBy, 'party')} (\`schoolClerk\`); 证明材料 evidence: 至少 at least ${NATIONAL_DEFAULT.kinds[kind].leastEvidence}.`,
    '',
    ...steps(procedure),
    '',
    '**路线举例 Routes** (`routeFor` under the national default)',
    '',
    ...routes(procedure),
    '',
    ...preconditions(kind),
    '',
    '**效力 Effect**, in one transaction after the last approval',
    '',
    ...effect(procedure),
    '',
  ];
}

function clocks() {
  const { remindBefore, escalate, supplementWorkingDays, leastRemainingWorkingDays, effectiveDaysBack, directions, id, version } =
    NATIONAL_DEFAULT;
  return [
    `## 期限与政策 Clocks and policy (\`${id}\`, version ${version})`,
    '',
    'The regulation sets 10 working days a step (Art 14–16). What follows is the national default where the regulation is silent; a province may have a policy of its own from a day on. A request keeps the policy of the day it was filed.',
    '',
    '- 到达当日不计；期限为第 n 个工作日结束（北京时间） The day of arrival does not count; a task is due at the end of its n-th working day in Asia/Shanghai (A7).',
    `- 提醒 Reminders: ${remindBefore.join(' and ')} working days before the due date.`,
    `- 逾期 Overdue: 不作默认同意 silence never approves (A4). The task stays with its holder; ${escalate.after} working day after the due date it is shown to the holder's superior authority, then one level up every ${escalate.every} working days. A superior may urge, or reassign to another person of the holder.`,
    `- 退回补正 Return for supplement: the filer has ${supplementWorkingDays} working days; a late supplement is accepted and marked. The step then goes on with what is left of its days, at least ${leastRemainingWorkingDays} (A9). A second return of one step is for a supervisor.`,
    '- 回避 Separation of duties: the person who filed the request, or decided another step of it, may not decide a step.',
    '- 撤回 Recall: by a clerk of the filing school, until every step is approved.',
    `- 普职转学方向 Directions of a cross-track transfer: ${directions.map((one) => `\`${one}\``).join(', ')} (A14).`,
    `- 生效日期 \`effectiveOn\`: at most ${effectiveDaysBack} days back and 365 ahead, and after the enrolment began (A20).`,
    '',
  ];
}

function page() {
  const sections = Object.values(PROCEDURES).flatMap(section);
  requireAllReached();
  return [
    '# 办理程序 Procedures',
    '',
    '<!-- Generated by scripts/procedures.mjs from src/domain: do not edit. `npm run procedures` writes it anew. -->',
    '',
    'What each kind of change request 异动申请 needs, step by step, as the code has it. “A…” and “R-…” name decisions and rules; “Art” is an article of the regulation (教职成〔2014〕12号).',
    '',
    ...sections,
    ...clocks(),
  ].join('\n');
}

const [flag, given] = process.argv.slice(2);
const file = given ? path.resolve(given) : path.join(root, 'docs', 'procedures.md');
const content = page();
if (flag !== '--check') writeFileSync(file, content);
else if (readFileSync(file, 'utf8') !== content) {
  console.error(`${path.relative(root, file)} is stale: npm run procedures`);
  process.exit(1);
}
