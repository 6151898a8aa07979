import type { Content } from 'pdfmake';
import { codeWord } from '../code-sets/code-sets.js';
import { FIELD_NAMES } from '../domain/messages/field-names.js';
import { ENROLMENT_STATE_WORDS } from '../domain/messages/code-words.js';
import { instantOf } from '../domain/working-days.js';
import { factWord } from '../dossier/fact-words.js';
import { inPairs, sealBox, textTable } from '../platform/printed-boxes.js';
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

function factRows({ studentNumber, facts }: RecordCard): string[][] {
  const shown = ON_CARD.map((fact) => [FIELD_NAMES[fact] ?? fact, factWord(fact, facts[fact] ?? '')] as const);
  return inPairs([['学籍号', studentNumber], ...shown]);
}

export function pagesOfCard(card: RecordCard): Promise<Buffer> {
  const missing = new Set<string>();
  const say = (text: string) => markedUnprintable('serif', text, missing);
  const studies = card.enrolments.map((one) => [
    one.school,
    one.major,
    [one.grade, one.className ?? ''].join(' '),
    `${codeWord('study-modes', one.studyMode)} ${one.lengthYears} 年`,
    `${one.enrolledOn} 至 ${one.leftOn ?? ''}`,
    ENROLMENT_STATE_WORDS[one.state]?.zh ?? one.state,
  ]);
  const changes = card.changes.map(({ number, title, on }) => [number, title, on]);
  const facts = textTable([74, '*', 74, '*'], factRows(card), false, say);
  const { photograph } = card;
  const picture: Content[] = photograph
    ? [{ image: `data:${photograph.type};base64,${Buffer.from(photograph.content).toString('base64')}`, width: 86, height: 120 }]
    : [{ text: '照片', width: 86, alignment: 'center', color: '#888888' }];
  const content: Content[] = [
    { text: '中等职业学校学生学籍卡', fontSize: 20, bold: true, alignment: 'center', margin: [0, 0, 0, 14] },
    { columns: [{ stack: [facts], width: '*' }, ...picture], columnGap: 8 },
    textTable(['*', 80, 84, 56, 68, 28], [['学校', '专业', '年级班级', '学习形式、学制', '起止', '状态'], ...studies], true, say),
    ...(changes.length > 0 ? [textTable([130, '*', 80], [['申请编号', '学籍异动', '日期'], ...changes], true, say)] : []),
    { columns: [sealBox('与纸质学籍档案核对一致（学校）'), sealBox('学籍主管部门')], columnGap: 10 },
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
