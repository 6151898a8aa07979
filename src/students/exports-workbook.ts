import type { Writable } from 'node:stream';
import ExcelJS from 'exceljs';
import { RELEASED_SETS } from '../code-sets/code-sets.js';
import type { MajorsInForce } from '../code-sets/catalogues.store.js';
import { ENROLMENT_STATE_WORDS } from '../domain/messages/code-words.js';
import { harmless } from '../sheets/harmless.js';
import type { StudentItem } from './finding.dto.js';

const textOf = (set: string, code: string): string => RELEASED_SETS[set]?.items.find((item) => item.code === code)?.zh ?? code;

const COLUMNS: readonly { zh: string; en: string; width: number; of: (student: StudentItem, majors: MajorsInForce) => string }[] = [
  { zh: '学籍号', en: 'student number', width: 24, of: ({ studentNumber }) => studentNumber },
  { zh: '姓名', en: 'name', width: 16, of: ({ name, maskedName }) => name ?? maskedName },
  { zh: '性别', en: 'sex', width: 10, of: ({ sex }) => textOf('sexes', sex) },
  { zh: '年级', en: 'grade', width: 10, of: ({ grade }) => grade },
  { zh: '班级', en: 'class', width: 30, of: ({ className, unplaced }) => className ?? (unplaced ? '未编班' : '') },
  { zh: '专业代码', en: 'major code', width: 16, of: ({ majorCode }) => majorCode ?? '' },
  { zh: '专业', en: 'major', width: 24, of: ({ majorCode }, majors) => (majorCode && majors.get(majorCode)?.zh) ?? majorCode ?? '' },
  { zh: '学习形式', en: 'study mode', width: 16, of: ({ studyMode }) => textOf('study-modes', studyMode) },
  { zh: '学籍状态', en: 'state', width: 14, of: ({ state }) => ENROLMENT_STATE_WORDS[state]?.zh ?? state },
];

/** The list of a school as a workbook that is written while its rows come. */
export class StudentWorkbook {
  private readonly book: ExcelJS.stream.xlsx.WorkbookWriter;
  private readonly page: ExcelJS.Worksheet;

  constructor(
    to: Writable,
    private readonly majors: MajorsInForce,
  ) {
    this.book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: to, useStyles: true });
    this.page = this.book.addWorksheet('学生名单 students', { views: [{ state: 'frozen', ySplit: 1 }] });
    this.page.columns = COLUMNS.map(({ zh, en, width }) => ({ header: `${zh} ${en}`, width, style: { numFmt: '@' } }));
    this.page.getRow(1).font = { bold: true };
  }

  add(students: readonly StudentItem[]): void {
    for (const student of students) this.page.addRow(COLUMNS.map(({ of }) => harmless(of(student, this.majors)))).commit();
  }

  async end(): Promise<void> {
    this.page.commit();
    await this.book.commit();
  }
}
