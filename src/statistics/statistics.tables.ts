import { RELEASED_SETS } from '../code-sets/code-sets.js';
import { ENROLMENT_STATE_WORDS } from '../domain/messages/code-words.js';
import type { Table } from '../sheets/table.js';
import type { EnrolmentFigure, EnrolmentFigures, MovementFigures, RetentionFigures } from './statistics.dto.js';
import { FATES, MOVEMENT_FIGURES, type CohortFate, type Dimension } from './statistics.store.js';

const wordOf = (set: string, code: string | null): string => RELEASED_SETS[set]?.items.find((item) => item.code === code)?.zh ?? code ?? '';

const COLUMNS: Readonly<Record<Dimension, readonly { zh: string; of: (figure: EnrolmentFigure) => string }[]>> = {
  school: [
    { zh: '学校代码', of: ({ school }) => school?.code ?? '' },
    { zh: '学校', of: ({ school }) => school?.name ?? '' },
  ],
  major: [
    { zh: '专业代码', of: ({ major }) => major ?? '' },
    { zh: '专业', of: ({ majorName }) => majorName ?? '' },
  ],
  grade: [{ zh: '年级', of: ({ grade }) => grade ?? '' }],
  studyMode: [{ zh: '学习形式', of: ({ studyMode }) => wordOf('study-modes', studyMode) }],
  sex: [{ zh: '性别', of: ({ sex }) => wordOf('sexes', sex) }],
  state: [{ zh: '学籍状态', of: ({ state }) => ENROLMENT_STATE_WORDS[state ?? '']?.zh ?? '' }],
};

/** The figures as people read them: words, no codes but those of schools and majors. */
export function enrolmentTable({ on, by, items }: EnrolmentFigures): Table {
  const columns = (by as Dimension[]).flatMap((dimension) => COLUMNS[dimension]);
  return {
    title: `学籍统计 ${on}`,
    headings: [...columns.map(({ zh }) => zh), '人数'],
    rows: items.map((item) => [...columns.map(({ of }) => of(item)), item.count]),
  };
}

const HEADINGS: Readonly<Record<(typeof MOVEMENT_FIGURES)[number], string>> = {
  opening: '学年初在籍',
  registered: '新增（注册）',
  transferredIn: '转入',
  reinstated: '恢复学籍',
  movedIn: '并入',
  transferredOut: '转出',
  withdrawn: '退学',
  deregistered: '注销',
  deceased: '死亡',
  graduated: '毕业',
  completed: '结业',
  advanced: '转段',
  movedOut: '并出',
  returnedToReview: '退回待注册',
  suspended: '休学（在籍）',
  resumed: '复学（在籍）',
  closing: '期末在籍',
};

export const movementTable = ({ schoolYear, through, items }: MovementFigures): Table => ({
  title: `${schoolYear}学年变动 至${through}`,
  headings: ['单位代码', '单位', ...MOVEMENT_FIGURES.map((figure) => HEADINGS[figure])],
  rows: items.map((item) => [item.organisation.code, item.organisation.name, ...MOVEMENT_FIGURES.map((figure) => item[figure])]),
});

const FATE_WORDS: Readonly<Record<CohortFate, string>> = {
  onRoll: '在籍',
  finished: '毕业、结业、转段',
  transferredOut: '转出',
  withdrawn: '退学',
  deregistered: '注销',
  deceased: '死亡',
  returnedToReview: '退回待注册',
};

export const retentionTable = ({ grade, from, on, items }: RetentionFigures): Table => ({
  title: `${grade}级巩固率 ${from}至${on}`,
  headings: ['单位代码', '单位', '期初在籍', ...FATES.map((fate) => FATE_WORDS[fate]), '巩固率'],
  rows: items.map(({ organisation: { code, name }, cohort, rate, ...fates }) => [
    code,
    name,
    cohort,
    ...FATES.map((fate) => fates[fate]),
    rate,
  ]),
});
