import { words, type Words } from './words.js';

/** What is wrong with a field: a code for programs beside the text. */
export interface FieldFault extends Words {
  readonly code: string;
}

type Faults = Readonly<Record<string, Words | ((...given: never[]) => Words)>>;
type Coded<F extends Faults> = {
  readonly [K in keyof F]: F[K] extends (...given: infer A) => Words ? (...given: A) => FieldFault : FieldFault;
};

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Each fault with its name as its code. */
function coded<F extends Faults>(faults: F): Coded<F> {
  const one = ([name, fault]: [string, Faults[string]]) => {
    const code = kebab(name);
    return [name, typeof fault === 'function' ? (...given: never[]) => ({ ...fault(...given), code }) : { ...fault, code }];
  };
  return Object.fromEntries(Object.entries(faults).map(one)) as Coded<F>;
}

/** What is wrong with a field, apart from its name and its value; the value may be personal and is never said. */
export const FIELD_FAULTS = coded({
  missing: words('请填写此项。', 'is missing'),
  missingOneOf: (values: readonly unknown[]) => words('请填写此项。', `is missing; must be one of: ${values.join(', ')}`),
  notAsked: words('没有此填写项。', 'is not a field that is asked for'),
  notText: words('须为文字。', 'must be a text'),
  saysNothing: words('须含有文字或数字。', 'must hold a letter, a digit or a Han character'),
  length: (least: number, most: number) =>
    least === most
      ? words(`须为 ${most} 个字符。`, `must have ${most} characters`)
      : words(`须为 ${least} 至 ${most} 个字符。`, `must have ${least} to ${most} characters`),
  oneOf: (values: readonly unknown[]) => words('不在可选范围内。', `must be one of: ${values.join(', ')}`),
  form: (pattern: unknown) => words('格式不正确。', `must have the form ${String(pattern)}`),
  tooLate: (days: number) => words(`不得晚于 ${days} 日之后。`, `must be within ${days} days`),
  notId: words('不是有效的编号。', 'must be an id (UUID)'),
  notDate: words('须为 1900 至 2200 年间的日期，如 2026-11-23。', 'must be a date YYYY-MM-DD from 1900 to 2200'),
  notInstant: words(
    '须为日期，或带时区的时间，如 2026-11-23T09:00:00+08:00。',
    'must be a day, or an instant with its offset such as 2026-11-23T09:00:00+08:00',
  ),
  notWhole: words('须为整数。', 'must be a whole number'),
  notNumber: words('须为数字。', 'must be a number'),
  notFlag: words('须为“是”或“否”。', 'must be true or false'),
  atLeast: (least: number) => words(`不得小于 ${least}。`, `must not be less than ${least}`),
  atMost: (most: number) => words(`不得大于 ${most}。`, `must not be greater than ${most}`),
  notList: words('须为列表。', 'must be a list'),
  notObject: words('须为一组填写项。', 'must be an object'),
  notSingle: words('须为单个值。', 'must be a single value, not an object'),
  tooFew: (least: number) => words(`至少须有 ${least} 项。`, `must contain at least ${least} elements`),
  tooMany: (most: number) => words(`最多 ${most} 项。`, `must contain no more than ${most} elements`),
  notInCatalogue: words(
    '现行专业目录没有此专业，或已不面向该年级招生。',
    'is not in the catalogue of majors in force, or is closed to that intake',
  ),
  inOtherCatalogue: words('另一专业目录已有此代码。', 'is a code of another catalogue'),
  twice: words('有重复的项。', 'must not name anything twice'),
  notAddress: words('不是有效的网址。', 'must be a web address'),
  notMail: words('不是有效的电子邮箱。', 'must be a mail address'),
  wrong: words('填写有误。', 'is not valid'),
  strange: (code: string) => words(`含有不允许的字符：${code}。`, `holds a character that is not allowed: ${code}`),
  unstorable: words('含有无法保存的字符。', 'must not hold a NUL character or half a character'),
  forbiddenName: words('不允许的填写项。', 'is not an allowed field'),
  // what belongs together
  notCursor: words('不是此列表的翻页位置。', 'is not a cursor of this list'),
  beforeFrom: words('不得早于开始日期。', 'must not lie before from'),
  notAfterFrom: words('须晚于开始时间。', 'must lie after its beginning'),
  beforeToday: words('不得早于今天。', 'must not lie before today'),
  past: words('已经过去。', 'must not lie in the past'),
  future: words('不得晚于今天。', 'must not lie in the future'),
  withinDays: (days: number) => words(`须在今天起 ${days} 日内。`, `must be from today to ${days} days ahead`),
  withinYear: words('须在今天起一年内。', 'must be within a year from today'),
  inYear: (year: number) => words(`须在 ${year} 年内。`, `must lie in ${year}`),
  datesDisagree: words('各日期互相矛盾。', 'the dates do not fit together'),
  noDoubt: words('已没有此项疑点，或不属于本校。', 'is no doubt at the school, or no longer one'),
  notBegun: words('尚未开始。', 'has not begun'),
  closed: words('已停止办学。', 'is closed'),
  cannotBeAsked: words('不能向该单位征求意见。', 'cannot be asked'),
  cannotHold: words('不能办理此环节。', 'cannot decide this step'),
  holdsNoOffice: words('未在该机构任职。', 'holds no office there'),
  holdsNotThisOffice: words('未担任相应职务。', 'does not hold the office'),
  unknownStudent: words('没有此学籍号的学生。', 'is not the number of a known student'),
  unknownPerson: words('没有此人员。', 'is not a known person'),
  yourself: words('不能是本人。', 'is yourself'),
  notAuthority: words('不是学籍主管部门。', 'is not an authority'),
  notProvince: words('须为省级机构。', 'must be a province'),
  notSchool: words('不是目录中的学校。', 'is not a school of the directory'),
  schoolItself: words('不能是学校本身。', 'is the school itself'),
  noSuchOffice: words('该机构没有此职务。', 'does not exist at this organisation'),
  maySeeNothing: words('无权查看该申请。', 'may not see the request'),
  notThisStep: words('此环节不要求填写。', 'this step does not ask for it'),
  returnOnly: words('仅在退回时填写。', 'is for a return alone'),
  mergerOnly: words('仅在合并时填写。', 'is for a merger only'),
  unknownRow: words('该行不在本批次中。', 'no row of this batch'),
  numberOrId: words('请填写学籍号或学生编号其中一项。', 'give studentId or studentNumber'),
  numberOrDocument: words('请填写学籍号，或证件类型和证件号码。', 'give studentNumber, or documentType with documentNumber'),
  taken: words('已被使用。', 'is taken'),
  notOfClass: words('不是本校该年级、该专业的在籍学生。', 'is no student of the school on roll in the grade and major of the class'),
  beforeOpened: words('不得早于该班级的建班日期。', 'must not lie before the first day of the class'),
  beforeClass: words('不得早于该生现班级的起始日期。', 'must not lie before the first day in the present class'),
  oneSchool: words('请指明一所学校。', 'name one school'),
  studentsOrClass: words('请给出学生名单或班级其中一项。', 'give studentIds or ofClass'),
  listOrGrade: words('请给出学生名单，或年级（可加班级）。', 'give a list, or a grade and perhaps a class'),
  notOwnEvidence: words('材料不存在，或不是由您的单位上传。', 'unknown, or not uploaded by your organisation'),
  statutoryDay: words('为法定节假日，不得安排上班。', 'is a statutory day off, which is not worked'),
  notWeekend: words('须为周六或周日，方可安排上班。', 'must be a Saturday or a Sunday to be worked instead'),
  notPublic: words(
    '须为公网地址；该地址在内部网络，本系统不向其发送。',
    'must be an address of the public network; this one lies in an inner network, to which nothing is sent',
  ),
  headStaysOnActs: words('不得早于今天：已有记录载明当日负责人。', 'must not lie before today: past acts carry the head of their day'),
  sameAsOneTime: words('不得与一次性密码相同。', 'must differ from the one-time password'),
  tooShortPassword: (least: number) => words(`除空格外至少须有 ${least} 个字符。`, `must have at least ${least} characters beside blanks`),
  fewCharacters: (least: number) => words(`至少须有 ${least} 个不同的字符。`, `must have at least ${least} different characters`),
  repeated: words('不得重复少数几个字符。', 'must not repeat a few characters'),
  inRows: words('不得为字母、数字或键盘的连续排列。', 'must not follow the alphabet, the digits or a row of the keyboard'),
  likeBefore: words('不得与现密码相同。', 'must differ from the old one'),
  common: words('该密码过于常见。', 'is a common password'),
  ofNames: words('不得由用户名或单位名称构成。', "must not consist of the user's or the organisation's name"),
  notSchoolBelow: words('不是贵单位下辖的学校。', 'is not a school below your authority'),
  notStudentThere: words('不是该校学生。', 'is not a student of that school'),
  stillThere: words('是该校学生：此类申请由接收学校发起。', 'is a student of that school: this kind is filed by the school they go to'),
  hasLeft: words('已离开该校。', 'has left that school'),
  notBelow: words('不是贵单位下辖的机构。', 'is not an organisation below your authority'),
  notConcerned: words('与该机构无关。', 'does not concern that organisation'),
  noKey: words('没有可以解密的密钥。', 'holds what no configured key opens'),
  // files
  noFile: words('请上传文件。', 'the multipart field "file" is required'),
  emptyFile: words('文件是空的。', 'the file is empty'),
  notImage: words('图片无法读取。', 'is not a readable image'),
  notArchive: words('不是 ZIP 压缩包。', 'is not a ZIP archive'),
  archiveTooLarge: (most: number) =>
    words(`压缩包内文件过多或过大；一次最多 ${most} 张照片。`, `unpacks to too much; at most ${most} photographs in one archive`),
  noSheet: words('没有工作表。', 'has no sheet'),
  notWorkbook: words('不是 Excel 工作簿（.xlsx）。', 'is not an Excel workbook (.xlsx)'),
  noRow: words('标题行之下没有内容。', 'has no row below its header'),
  rowsBeyond: (line: number, most: number) =>
    words(
      `第 ${line} 行有内容；标题行之下最多读取 ${most} 行。`,
      `has a value in row ${line}; at most ${most} rows below the header are read`,
    ),
  unpacksTooFar: (most: number) => words(`解压后超过 ${most} 行表格的大小。`, `unpacks to more than a sheet of ${most} rows can hold`),
  listsTooMuch: words('所含行或单元格过多。', 'lists more rows or cells than are read'),
  unknownColumn: (at: number, path: string, known: readonly string[]) =>
    words(
      `第 ${at} 列“${path}”不是此类申请的列，请使用下载的模板。`,
      `column ${at}: "${path}" is not a column of this kind (${known.join(', ')})`,
    ),
  columnTwice: (at: number, path: string) => words(`第 ${at} 列“${path}”重复。`, `column ${at}: "${path}" appears twice`),
  longCell: (most: number) => words(`有单元格超过 ${most} 个字符。`, `has a cell longer than ${most} characters`),
  costsTooMuch: (most: number) =>
    words(`读取这样的 ${most} 行表格用时或内存过多。`, `takes too long or too much memory to be read as a sheet of ${most} rows`),
  sameAs: (row: number) => words(`与第 ${row} 行为同一人。`, `is the person of row ${row}`),
  sameNumberAs: (row: number) => words(`与第 ${row} 行的编号相同。`, `has the number of row ${row}`),
  notJson: words('须为 JSON 对象。', 'must be a JSON object'),
});
