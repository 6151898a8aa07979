import type { Content } from 'pdfmake';
import { hanDay } from '../../domain/han-numerals.js';
import { instantOf } from '../../domain/working-days.js';
import { inPairs, sealBox, textTable } from '../../platform/printed-boxes.js';
import { markedUnprintable, printed, PRINTING_FONTS, UNPRINTABLE } from '../../platform/printing.js';
import type { ChangeItem } from './change-items.js';

/** A place for a signature and a seal; what was decided in the system stands in it. */
export interface Signed {
  readonly title: string;
  readonly said?: string;
  readonly by?: string;
  readonly on?: string;
}

/** What the form 异动审批表 of a change shows. It is made of what is on record alone, so it is the same bytes until something is added. */
export interface ChangeForm {
  readonly paper: 'form';
  readonly kind: string;
  readonly number: string;
  /** The day of what was recorded last. */
  readonly asOf: string;
  /** Names and values of the student at the filing. */
  readonly student: readonly (readonly [string, string])[];
  readonly items: readonly ChangeItem[];
  /** Names and values of the filing. */
  readonly filing: readonly (readonly [string, string])[];
  readonly reason: string;
  readonly evidence: readonly string[];
  readonly steps: readonly Signed[];
  readonly paperCheck: Signed;
}

/** What the letter 转学证明 says, which the student takes to the new school. */
export interface TransferLetter {
  readonly paper: 'letter';
  readonly number: string;
  readonly name: string;
  readonly sex: string;
  readonly birthDate: string;
  readonly document: string;
  readonly studentNumber: string;
  readonly sourceSchool: string;
  readonly sourceAuthority: string;
  readonly destinationSchool: string;
  readonly study: string;
  readonly enrolledOn: string;
  readonly effectiveOn: string;
}

export type ChangePaper = ChangeForm | TransferLetter;

/** Says a text with the mark for what no font has, and keeps which characters those were. */
function marking(): { say: (text: string) => string; note: () => Content[] } {
  const missing = new Set<string>();
  return {
    say: (text) => markedUnprintable('serif', text, missing),
    note: () => {
      const codes = [...missing].map((code) => `${UNPRINTABLE} ${code}`).join('，');
      return codes ? [{ text: `字库缺字 ${codes}`, fontSize: 8, margin: [0, 8, 0, 0] }] : [];
    },
  };
}

const heading = (text: string, fontSize: number): Content => ({ text, fontSize, bold: true, alignment: 'center', margin: [0, 0, 0, 6] });
const caption = (text: string): Content => ({ text, bold: true, margin: [0, 2, 0, 4] });

/** Boxes two in a row. */
const twoByTwo = (boxes: readonly Content[]): Content[] =>
  Array.from({ length: Math.ceil(boxes.length / 2) }, (_, row) => ({
    columns: [boxes[2 * row] ?? { text: '' }, boxes[2 * row + 1] ?? { text: '' }],
    columnGap: 10,
  }));

function formPages(form: ChangeForm): { title: string; content: Content[] } {
  const { say, note } = marking();
  const signed = ({ title, ...more }: Signed): Content =>
    sealBox(say(title), { said: say(more.said ?? ''), by: say(more.by ?? ''), on: more.on });
  const items = form.items.map(({ item, from, to }) => [item, from, to]);
  const pages: Content[] = [
    heading('中等职业学校学生学籍异动审批表', 18),
    heading(`（${form.kind}）`, 13),
    { text: `编号　${form.number}`, alignment: 'right', margin: [0, -12, 0, 4] },
    textTable([66, '*', 66, '*'], inPairs(form.student), false, say),
    ...(items.length > 0 ? [textTable([100, '*', '*'], [['异动内容', '异动前', '异动后'], ...items], true, say)] : []),
    textTable([66, '*', 66, '*'], inPairs(form.filing), false, say),
    textTable(
      [66, '*'],
      [
        ['申请理由', form.reason],
        ['证明材料', form.evidence.length > 0 ? `共 ${form.evidence.length} 件：${form.evidence.join('、')}` : '无'],
      ],
      false,
      say,
    ),
    caption('核办意见'),
    ...twoByTwo(form.steps.map(signed)),
    signed(form.paperCheck),
  ];
  return { title: `学籍异动审批表 ${form.number}`, content: [...pages, ...note()] };
}

function letterPages(letter: TransferLetter): { title: string; content: Content[] } {
  const { say, note } = marking();
  const said =
    `兹证明学生${letter.name}，性别${letter.sex}，${hanDay(letter.birthDate)}生，${letter.document}，学籍号${letter.studentNumber}，` +
    `于${hanDay(letter.enrolledOn)}进入${letter.sourceSchool}学习，就读${letter.study}。经学校和学籍主管部门核办（编号 ${letter.number}），` +
    `该生自${hanDay(letter.effectiveOn)}起转入${letter.destinationSchool}，学籍随之转接，学籍号不变。特此证明。`;
  const content: Content[] = [
    { text: '转 学 证 明', fontSize: 28, bold: true, alignment: 'center', margin: [0, 40, 0, 30] },
    { text: say(said), fontSize: 14.5, lineHeight: 1.6, leadingIndent: 29, margin: [0, 0, 0, 40] },
    ...twoByTwo([sealBox(say(`转出学校：${letter.sourceSchool}`)), sealBox(say(`学籍主管部门：${letter.sourceAuthority}`))]),
    { text: '本证明由学生持往转入学校办理入学手续；以学籍电子档案为准。', fontSize: 9, margin: [0, 8, 0, 0] },
  ];
  return { title: `转学证明 ${letter.number}`, content: [...content, ...note()] };
}

/** The pages of a paper. Of equal papers the bytes are equal. */
export function pagesOfPaper(paper: ChangePaper): Promise<Buffer> {
  const { title, content } = paper.paper === 'form' ? formPages(paper) : letterPages(paper);
  const day = paper.paper === 'form' ? paper.asOf : paper.effectiveOn;
  return printed({
    pageSize: 'A4',
    pageOrientation: 'portrait',
    pageMargins: paper.paper === 'form' ? [44, 36, 44, 40] : [84, 80, 84, 72],
    defaultStyle: { font: PRINTING_FONTS.serif, fontSize: 9.5 },
    info: { title, creator: 'xueji', producer: 'xueji', creationDate: new Date(instantOf(day)) },
    content,
    footer: (page, pages) => ({ text: `编号 ${paper.number}　第 ${page} 页，共 ${pages} 页`, alignment: 'center', fontSize: 8 }),
  });
}
