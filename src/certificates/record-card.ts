import type { Content } from 'pdfmake';
import { RELEASED_SETS } from '../code-sets/code-sets.js';
import { FIELD_NAMES } from '../domain/messages/field-names.js';
import { instantOf } from '../domain/working-days.js';
import { markedUnprintable, printed, PRINTING_FONTS, UNPRINTABLE } from '../platform/printing.js';

/** An enrolment as the card shows it. */
export interface CardEnrolment {
  readonly school: string;
  readonly major: string;
  readonly grade: string;
  readonly className: string | null;
  readonly studyMode: string;
  readonly lengthYears: number;
  readonly enrolledOn: string;
  readonly leftOn: string | null;
  readonly state: string;
}

/** What the record card 学籍卡 shows: the basic information of the electronic dossier, to be held against the paper one (Art 3, R-02). */
export interface RecordCard {
  readonly printedOn: string;
  readonly studentNumber: string;
  /** Values by fact. */
  readonly facts: Readonly<Record<string, string>>;
  readonly enrolments: readonly CardEnrolment[];
  /** Changes that took effect, oldest first. */
  readonly changes: readonly { readonly number: string; readonly title: string; readonly on: string }[];
  readonly photograph?: { readonly content: Uint8Array; readonly type: string };
}

/** Facts whose values are codes of a set. */
const SET_OF: Readonly<Record<string, string>> = {
  sex: 'sexes',
  ethnicGroup: 'ethnic-groups',
  documentType: 'document-types',
  politicalStatus: 'political-status',
  householdType: 'household-types',
  householdDivision: 'divisions',
  healthStatus: 'health-status',
  guardianRelation: 'guardian-relations',
};

/** In the order of the card, two in a row. */
const ON_CARD = [
  'name',
  'formerName',
  'sex',
  'birthDate',
  'documentType',
  'documentNumber',
  'ethnicGroup',
  'politicalStatus',
  'nativePlace',
  'healthStatus',
  'householdType',
  'householdDivision',
  'guardianName',
  'guardianRelation',
  'phone',
  'guardianPhone',
  'address',
] as const;

const STATES: Readonly<Record<string, string>> = {
  active: '在读',
  suspended: '休学',
  transferredOut: '转出',
  withdrawn: '退学',
  deregistered: '注销',
  deceased: '死亡',
  completed: '结业',
  graduated: '毕业',
  advanced: '转段',
};

const named = (set: string, code: string): string => RELEASED_SETS[set]?.items.find((one) => one.code === code)?.zh ?? code;
const valueOf = (fact: string, value: string): string => (SET_OF[fact] ? named(SET_OF[fact], value) : value);

type Cell = string;

const table = (
  widths: (string | number)[],
  rows: readonly (readonly Cell[])[],
  headed: boolean,
  say: (text: string) => string,
): Content => ({
  table: {
    widths,
    body: rows.map((row, nth) => row.map((text) => ({ text: say(text), bold: headed && nth === 0, margin: [2, 3, 2, 3] }))),
  },
  layout: {},
  margin: [0, 0, 0, 10],
});

function factRows({ studentNumber, facts }: RecordCard): Cell[][] {
  const shown = ON_CARD.map((fact) => [FIELD_NAMES[fact] ?? fact, valueOf(fact, facts[fact] ?? '')]);
  const pairs = [['学籍号', studentNumber], ...shown];
  return Array.from({ length: pairs.length / 2 }, (_, row) => [...(pairs[2 * row] ?? []), ...(pairs[2 * row + 1] ?? [])]);
}

/** A box for a signature and a seal. */
const box = (title: string): Content => ({
  table: {
    widths: ['*'],
    body: [[{ text: `${title}\n\n\n签名：　　　　　　　　（盖章）\n\n　　　　年　　月　　日`, margin: [4, 4, 4, 4] }]],
  },
  layout: {},
});

export function pagesOfCard(card: RecordCard): Promise<Buffer> {
  const missing = new Set<string>();
  const say = (text: string) => markedUnprintable('serif', text, missing);
  const studies = card.enrolments.map((one) => [
    one.school,
    one.major,
    [one.grade, one.className ?? ''].join(' '),
    `${named('study-modes', one.studyMode)} ${one.lengthYears} 年`,
    `${one.enrolledOn} 至 ${one.leftOn ?? ''}`,
    STATES[one.state] ?? one.state,
  ]);
  const changes = card.changes.map(({ number, title, on }) => [number, title, on]);
  const facts = table([74, '*', 74, '*'], factRows(card), false, say);
  const { photograph } = card;
  const picture: Content[] = photograph
    ? [{ image: `data:${photograph.type};base64,${Buffer.from(photograph.content).toString('base64')}`, width: 86, height: 120 }]
    : [{ text: '照片', width: 86, alignment: 'center', color: '#888888' }];
  const content: Content[] = [
    { text: '中等职业学校学生学籍卡', fontSize: 20, bold: true, alignment: 'center', margin: [0, 0, 0, 14] },
    { columns: [{ stack: [facts], width: '*' }, ...picture], columnGap: 8 },
    table(['*', 80, 84, 56, 68, 28], [['学校', '专业', '年级班级', '学习形式、学制', '起止', '状态'], ...studies], true, say),
    ...(changes.length > 0 ? [table([130, '*', 80], [['申请编号', '学籍异动', '日期'], ...changes], true, say)] : []),
    { columns: [box('与纸质学籍档案核对一致（学校）'), box('学籍主管部门')], columnGap: 10 },
  ];
  const note = [...missing].map((code) => `${UNPRINTABLE} ${code}`).join('，');
  return printed({
    pageSize: 'A4',
    pageOrientation: 'portrait',
    pageMargins: [44, 48, 44, 48],
    defaultStyle: { font: PRINTING_FONTS.serif, fontSize: 9.5 },
    info: { title: '学籍卡', creator: 'xueji', producer: 'xueji', creationDate: new Date(instantOf(card.printedOn)) },
    content: note ? [...content, { text: `字库缺字 ${note}`, fontSize: 8, margin: [0, 8, 0, 0] }] : content,
    footer: (page, pages) => ({ text: `打印日期 ${card.printedOn}　第 ${page} 页，共 ${pages} 页`, alignment: 'center', fontSize: 8 }),
  });
}
