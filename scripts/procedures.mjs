/**
 * Writes docs/procedures.md from the procedures, the national policy, the preconditions and the routes of the compiled domain.
 *
 *   npm run procedures                             builds, then writes the file
 *   node scripts/procedures.mjs --check [file]     exits with 1 when the file is not what this script would write
 *
 * The code is asked, not read: a precondition is shown because the domain named its blocker for facts that break it, and a route
 * because `routeFor` made it. A blocker that no probe brings out stops this script, so that none can be left out.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';
import { tableOf, writeOrCheck } from './generated.mjs';
import { DAYS, PLACEMENTS, placing, sound, SPOILED } from './procedures.probes.mjs';

const domainFolder = path.join(root, 'dist', 'src', 'domain');
const domain = (name) => import(path.join(domainFolder, `${name}.js`));
const { isTransfer } = await domain('procedure/procedure');
const { PROCEDURES, stepFor } = await domain('procedure/procedures');
const { NATIONAL_DEFAULT, OPTIONAL_RULES } = await domain('policy/policy');
const { alwaysAsked, blockersOf, majorSimilar, OPTIONAL, placementBlockers } = await domain('preconditions/index');
const { lengthAndEntrySame } = await domain('preconditions/optional');
const { TRANSITIONS } = await domain('dossier/dossier');
const { MESSAGES } = await domain('messages/messages');
const { routeFor } = await domain('case/route');

const PARTY = {
  sourceSchool: '转出学校 source school',
  destinationSchool: '转入学校 destination school',
  sourceAuthority: '转出方学籍主管部门 source authority',
  destinationAuthority: '转入方学籍主管部门 destination authority',
  school: '学校 school',
  authority: '学籍主管部门 authority',
  superior: '上级学籍主管部门 superior authority',
  filer: '发起单位 filer',
};
const OFFICE = { schoolReviewer: '学校审核人 `schoolReviewer`', authorityReviewer: '主管部门审核人 `authorityReviewer`' };
const ASKS = { placement: '`placement`: 专业、年级、班级、到校日期 major, grade, class, first day' };
const RUNG = { nearest: '直接上级 the nearest', between: '中间各级 those between', top: '省级 the province' };
const OVERDUE = { remindThenEscalate: '先提醒，逾期上报 remind, then escalate' };
/** What the filer of a kind is not told: `blockersTold`. */
const UNTOLD = {
  crossTrackTransfer:
    '转出方的情况不告知发起单位，统一答复 `student-not-matched`。 The filer may not see the student: matters of the other side ' +
    'are all answered as `student-not-matched`.',
};

const shown = (table, key, what) => table[key] ?? stop(`no words for the ${what} "${key}"`);
function stop(why) {
  console.error(`scripts/procedures.mjs: ${why}`);
  process.exit(2);
}
const codes = (names) => names.map((name) => `\`${name}\``).join(', ');

// --- preconditions

const reached = new Set();
const under = (kind, rules) => ({
  ...NATIONAL_DEFAULT,
  kinds: { ...NATIONAL_DEFAULT.kinds, [kind]: { ...NATIONAL_DEFAULT.kinds[kind], rules } },
});

/** Rules on the placement that a school gives when it decides. */
const OF_PLACEMENTS = {
  similarMajor: () => majorSimilar('730101', '710201'),
  sameLengthAndEntry: () =>
    lengthAndEntrySame({ grade: '2025', majorCode: '710201', studyMode: 'fullTime' }, { track: 'vocational', offers: [] }),
};

/** The blockers that spoiled facts bring out under these optional rules, by code. */
function blockersUnder(kind, rules) {
  const on = (today) => sound(kind, under(kind, rules), TRANSITIONS[kind].from[0], today);
  const today = DAYS.find((day) => blockersOf(on(day)).length === 0);
  if (!today) stop(`the sound ${kind} is refused: ${blockersOf(on(DAYS[0])).map(({ code }) => code)}`);
  const facts = () => on(today);
  const found = new Map(SPOILED.flatMap((spoil) => blockersOf(spoil(facts()))).map((blocker) => [blocker.code, blocker]));
  for (const code of found.keys()) reached.add(code);
  return found;
}

const textOf = (code) => `${MESSAGES[code].zh} ${MESSAGES[code].en}`;
const HEAD = ['不符合时 when it fails', '代码 code', '由谁解决 who clears it'];
const precondition = ({ code, owner }) => [textOf(code), `\`${code}\``, shown(PARTY, owner, 'owner')];

const unreached = (kind, code) => stop(`no probe brings out ${code} of a ${kind}: add one to SPOILED`);

function preconditions(kind) {
  const always = blockersUnder(kind, []);
  const optional = OPTIONAL_RULES.flatMap((rule) => {
    if (!OPTIONAL[rule].kinds.includes(kind)) return [];
    const { code } = OPTIONAL[rule];
    const added = OF_PLACEMENTS[rule]?.() ?? blockersUnder(kind, [rule]).get(code);
    if (!added) stop(`the optional rule ${rule} never blocks a ${kind}`);
    reached.add(code);
    const on = NATIONAL_DEFAULT.kinds[kind].rules.includes(rule);
    return [[`\`${rule}\``, ...precondition(added), on ? '启用 on' : '停用 off']];
  });
  return [
    '**始终适用的前提 Preconditions, always** (`POST /change-requests/precheck` names all that fail)',
    '',
    ...tableOf(
      ['规则 rule', ...HEAD],
      alwaysAsked(kind).map(({ rule, code }) => [`\`${rule}\``, ...precondition(always.get(code) ?? unreached(kind, code))]),
    ),
    '',
    ...(UNTOLD[kind] ? [UNTOLD[kind], ''] : []),
    ...(optional.length === 0
      ? []
      : [
          '**由政策启用的前提 Preconditions that a policy switches on** (common provincial practice, not in the regulation)',
          '',
          ...tableOf(['规则 rule', ...HEAD, '全国默认 national default'], optional),
          '',
        ]),
  ];
}

/** What a school is refused that places a student badly when it approves. */
function placements({ kind, steps: all }) {
  if (!all.some(({ asks }) => asks === 'placement')) return [];
  const policy = under(kind, []);
  const told = PLACEMENTS.flatMap((spoil) => placementBlockers(...spoil(placing(kind, policy))));
  const found = new Map(told.map((blocker) => [blocker.code, blocker]));
  for (const code of found.keys()) reached.add(code);
  return [
    '**编班时的前提 Preconditions of the placement** (`POST /tasks/:id/decision`)',
    '',
    ...tableOf(HEAD, [...found.values()].map(precondition)),
    '',
  ];
}

/** Every blocker and every optional rule that the domain's source names is shown somewhere. */
function requireAllReached(page) {
  const folder = path.join(domainFolder, 'preconditions');
  const source = readdirSync(folder)
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n');
  const named = [...source.matchAll(/\bblocker\('([a-z-]+)'/g)].map(([, code]) => code);
  const missed = [...named.filter((code) => !reached.has(code)), ...OPTIONAL_RULES.filter((rule) => !page.includes(`\`${rule}\``))];
  if (named.length === 0 || missed.length > 0) stop(`no probe brings out ${missed.join(', ') || 'any blocker'}: add one to SPOILED`);
}

// --- steps and routes

function steps({ kind, mayAdd }) {
  const rules = NATIONAL_DEFAULT.kinds[kind];
  const rows = rules.order.map((name, nth) => {
    const step = stepFor(kind, name) ?? stop(`${kind} has no step of ${name}`);
    const days = Math.min(rules.workingDays[name] ?? step.workingDays, step.workingDays);
    return [
      nth + 1,
      `${step.title.zh} ${step.title.en}`,
      shown(OFFICE, step.office, 'office'),
      days,
      shown(OVERDUE, step.onOverdue, 'overdue rule'),
      step.asks ? shown(ASKS, step.asks, 'data') : '–',
      step.article,
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
    `省级政策可增加 A province may add: ${mayAdd.map(({ party, title }) => `\`${party}\` ${title.zh} ${title.en}`).join('; ')}.`,
  ];
}

const party = (name) => ({ schoolId: `${name} school`, authorityId: `authority of ${name}`, provinceId: `province of ${name}` });
const filer = { organisationId: 'x', personId: 'x' };

function chain(kind, source, destination) {
  const { steps: all, noticesTo } = routeFor(kind, { source, destination, filer }, NATIONAL_DEFAULT);
  const recorded = '（由另一方主管部门代录回函 its sealed reply recorded by the authority of the other side）';
  const one = ({ capacities, onBehalfOf, workingDays: days }) =>
    `${capacities.map((name) => shown(PARTY, name, 'capacity')).join(' + ')}${onBehalfOf ? recorded : ''} (${days})`;
  return `${all.map(one).join(' → ')}${noticesTo.length > 0 ? ` → 生效时备案 notices to ${noticesTo.length} provinces on effect` : ''}`;
}

/** Of a transfer: with two sides the steps depend on who stands there. */
function routes({ kind }) {
  if (!isTransfer(kind)) return [];
  const [a, b] = [party('A'), party('B')];
  const cases = [
    ['同一省、不同主管部门 one province, two authorities', a, { ...b, provinceId: a.provinceId }],
    ['同一主管部门 the same authority on both sides', a, { ...b, authorityId: a.authorityId, provinceId: a.provinceId }],
    ['跨省 two provinces', a, b],
    [
      '转出学校不在本系统内 the source school answers outside this system (A23)',
      { ...a, answersOutside: true },
      { ...b, provinceId: a.provinceId },
    ],
  ].filter(([, source]) => kind === 'crossTrackTransfer' || !source.answersOutside);
  return [
    '**路线举例 Routes** (`routeFor` under the national default)',
    '',
    ...tableOf(
      ['情形 case', '环节（工作日） steps (working days)'],
      cases.map(([name, source, destination]) => [name, chain(kind, source, destination)]),
    ),
    '',
  ];
}

const LEADS_TO = {
  same: '不变 unchanged',
  registered: '`active`，已在籍者不变 who is held already stays so',
  asFound: '被撤销的异动办理前的状态 as the undone change found it',
};

/** Who decides where the change that is undone moved the student between two schools. */
function bothSides({ bothSides: steps }) {
  if (!steps) return [];
  const named = steps.map(({ title }) => `${title.zh} ${title.en}`).join('; ');
  return [`撤销转学的，双方各办理一次 Of a transfer that is undone each side decides once: ${named}.`, ''];
}

function section(procedure) {
  const { kind, version, title, article, filedBy } = procedure;
  const { leastEvidence, evidence } = NATIONAL_DEFAULT.kinds[kind];
  const { from, to } = TRANSITIONS[kind];
  return [
    `## ${title.zh} ${title.en} (\`${kind}\`)`,
    '',
    `${article}. 程序版本 Procedure version ${version}. 发起 Filed by: ${shown(PARTY, filedBy, 'party')} (\`schoolClerk\`); 证明材料 evidence: 至少 at
      least ${leastEvidence} (${evidence.map(({ zh, en }) => `${zh} ${en}`).join('; ')}). 学籍状态 Enrolment: ${codes(from)} →
      ${LEADS_TO[to] ?? `\`${to}\``}.`,
    '',
    ...steps(procedure),
    '',
    ...bothSides(procedure),
    ...routes(procedure),
    ...preconditions(kind),
    ...placements(PROCEDURES[kind]),
  ];
}

function clocks() {
  const {
    remindBefore,
    escalate,
    escalateTo,
    proofWorkingDays,
    registerWorkingDays,
    termRegistrationWorkingDays,
    termReminderWorkingDays,
    termRetractionWorkingDays,
    graduationWorkingDays,
    graduationAuthorityReview,
    earlyLeavingDays,
    earlyGraduationMonths,
    discontinuedMonths,
    conversionMonths,
    supplementWorkingDays,
    leastRemainingWorkingDays,
    effectiveDaysBack,
    directions,
    limits,
    id,
    version,
  } = NATIONAL_DEFAULT;
  return [
    `## 期限与政策 Deadlines and policy (\`${id}\`, version ${version})`,
    '',
    'The regulation sets 10 working days a step (Art 14–16). What follows is the national default where the ' +
      'regulation is silent; a province may have a policy of its own from a day on. A request keeps the policy ' +
      'of the day it was filed.',
    '',
    '- 到达当日不计；期限为第 n 个工作日结束（北京时间） The day of arrival does not count; a task is due at the end of its n-th ' +
      'working day in Asia/Shanghai (A7).',
    `- 提醒 Reminders: ${remindBefore.join(' and ')} working days before the due date.`,
    `- 逾期 Overdue: 不作默认同意 silence never approves (A4). The task stays with its holder; ${escalate.after} ` +
      `working day after the due date it
      is shown to the
      holder's superior authority, then one level ` +
      `up every ${escalate.every} working days. Which superiors: ` +
      `${escalateTo.map((rung) => RUNG[rung]).join('、')}; a province may leave some out, but not both the ` +
      `nearest and its own. A superior may urge, or reassign to another person of the holder.`,
    `- 退回补正 Return for supplement: the filer has ${supplementWorkingDays} working days; a late supplement is ` +
      `accepted and marked. The step then goes on with what is left of its days, at least ` +
      `${leastRemainingWorkingDays} (A9). A second return of one step is for a supervisor.`,
    '- 回避 Separation of duties: the person who filed the request, or decided another step of it, may not decide a step.',
    '- 撤回 Recall: by a clerk of the filing school, until every step is approved, and after that as long as the change ' +
      'waits for its day of effect; then all offices that had decided are told.',
    `- 普职转学方向 Directions of a cross-track transfer: ${codes(directions)} (A14).`,
    `- 逾期申报 Late filings: a correction later than ${proofWorkingDays} working days after its proof (R-20), and ` +
      `a record later than ${registerWorkingDays} after reporting (R-05), are accepted and marked; a province ` +
      `may shorten both. The registration of an intake ends on 20 April or 20 November (R-06): later ` +
      `records and formal registrations are taken only in a window that the province opened for that intake, with ` +
      `its document (补办期, A6).`,
    `- 学期注册 Registration of a term: within ${termRegistrationWorkingDays} working days after its first day ` +
      `(Art 13, R-15), later accepted and marked; the school is reminded ${termReminderWorkingDays} working days ` +
      `before, and takes a registration back itself within ${termRetractionWorkingDays}, later by its authority ` +
      `(A20). A school's first day lies at most ${limits.termShiftDays} days from the province's ` +
      `(\`termStarts\`, A12).`,
    `- 毕业、结业 Graduation and completion: completed, reviews included, within ${graduationWorkingDays} working days before ` +
      `each leaving day (Art 18, R-23); later accepted and marked. The school's reviewer decides` +
      `${graduationAuthorityReview ? ', then the competent authority' : '; a province may have the authority review it too'}. ` +
      `A class leaves at most ${earlyLeavingDays} days before its expected day, who enlists at most ` +
      `${earlyGraduationMonths} months. 肄业 after ${discontinuedMonths} months of study. 结业→毕业: the assessment is ` +
      `passed within ${conversionMonths} months of completion (Art 20, R-25), which a province may shorten (A13).`,
    '- 跨省备案 Filing with two provinces: notices on effect, which block nothing (R-17); a province may have both ' +
      'decide on a transfer between provinces before it takes effect (`filing.blocking`, A3).',
    '- 长期未办 Stale requests are notified and never closed by themselves (`stale.action`, A4).',
    `- 生效日期 \`effectiveOn\`: at most ${effectiveDaysBack} days back and 365 ahead, and after the enrolment ` +
      `began (A20); a death on any day. A change of a later day waits for it after the last approval ` +
      `(\`awaitingEffect\`) and is judged again on that day, at 00:00 in Asia/Shanghai; one of an earlier day ` +
      `takes effect at once, and on that day.`,
    `- 限度 Limits: ${Object.entries(limits)
      .map(([name, value]) => `\`${name}\` ${[value].flat().join(' ')}`)
      .join(', ')}.`,
    '',
  ];
}

/** A long sentence is broken in this file, and stands in one line of the page. */
const inOneLine = (text) => text.replaceAll(/\n +/g, ' ');

function page() {
  const sections = Object.values(PROCEDURES).flatMap(section);
  requireAllReached(sections.join('\n'));
  return [
    '# 办理程序 Procedures',
    '',
    '<!-- Generated by scripts/procedures.mjs from src/domain: do not edit. `npm run procedures` writes it anew. -->',
    '',
    'What each kind of change request 异动申请 needs, step by step, as the code has it. “A…” and “R-…” name ' +
      'readings and rules, and “Art” an article, of the regulation: see [regulation.md](regulation.md).',
    '',
    ...[...sections, ...clocks()].map(inOneLine),
  ].join('\n');
}

writeOrCheck('procedures', page());
