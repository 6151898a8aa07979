import { GROUND_WORDS } from '../../domain/messages/change-words.js';
import { FIELD_NAMES } from '../../domain/messages/field-names.js';
import { ENROLMENT_STATE_WORDS } from '../../domain/messages/code-words.js';
import type { Placement } from '../../domain/case/acts.js';
import { groundOf } from '../../domain/case/details.js';
import { stateAfter, type EnrolmentState } from '../../domain/dossier/dossier.js';
import { isTransfer, type Kind } from '../../domain/procedure/procedure.js';
import { factWord } from '../../dossier/fact-words.js';

/** The enrolment that a change found, as it stood at the filing. */
export interface FoundStudy {
  readonly school: string;
  readonly state: EnrolmentState;
  readonly majorCode: string | null;
  readonly grade: string;
  readonly className: string | null;
  readonly studyMode: string;
  readonly lengthYears: number;
  readonly enrolledOn: string;
}

/** A row of the form: what is changed, from what, to what. */
export interface ChangeItem {
  readonly item: string;
  readonly from: string;
  readonly to: string;
}

export interface FiledChange {
  readonly kind: Kind;
  readonly details: Readonly<Record<string, unknown>>;
  readonly found?: FoundStudy;
  /** The same as the change left it; undefined before its effect. */
  readonly made?: FoundStudy;
  /** Where a decision placed the student. */
  readonly placement?: Placement;
  readonly sourceSchool: string;
  readonly destinationSchool?: string;
  /** Corrected values, former and proposed, as the database has them. */
  readonly corrected: readonly { readonly field: string; readonly former: string; readonly proposed: string }[];
  /** The change that a reinstatement undoes. */
  readonly undone?: string;
  readonly majorName: (code: string) => string;
}

const row = (item: string, from: string, to: string): ChangeItem[] => (to === '' || from === to ? [] : [{ item, from, to }]);
const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** A study value as people read it. */
const studyWord = (field: string, value: unknown, majorName: (code: string) => string): string => {
  const text = textOf(value);
  if (text === '') return '';
  if (field === 'majorCode') return majorName(text);
  return field === 'lengthYears' ? `${text} 年` : factWord(field, text);
};

/** In the order of the form; a field that the details do not name stays as it was. */
const STUDY_FIELDS = ['majorCode', 'grade', 'className', 'studyMode', 'lengthYears'] as const;

const STUDY_NAMES: Readonly<Record<(typeof STUDY_FIELDS)[number], string>> = {
  majorCode: '专业',
  grade: '年级',
  className: '班级',
  studyMode: '学习形式',
  lengthYears: '学制',
};

/** What was asked for, and after the effect what came of it. */
function studyItems({ details, placement = {}, found, made, majorName }: FiledChange): ChangeItem[] {
  const after: Readonly<Record<string, unknown>> = made ? { ...made } : { ...details, ...placement };
  return STUDY_FIELDS.flatMap((field) =>
    row(STUDY_NAMES[field], studyWord(field, found?.[field], majorName), studyWord(field, after[field], majorName)),
  );
}

function stateItem({ kind, found, made }: FiledChange): ChangeItem[] {
  const unknown = kind === 'registrationException' || kind === 'reinstatement';
  if (!found || isTransfer(kind) || (unknown && !made)) return [];
  const after = made?.state ?? stateAfter(kind, found.state);
  return after ? row('学籍状态', ENROLMENT_STATE_WORDS[found.state]?.zh ?? found.state, ENROLMENT_STATE_WORDS[after]?.zh ?? after) : [];
}

/** Days and marks that stand in the details by name. */
const NAMED = ['until', 'diedOn', 'proofReceivedOn', 'firstDay'] as const;
const NAMED_OF: Readonly<Partial<Record<(typeof NAMED)[number], string>>> = { until: '休学截止日期' };

const ACTIONS: Readonly<Record<string, string>> = { amend: '修改', corroborate: '佐证' };

/** What a change changes, row by row, as the form shows it. */
export function changeItems(change: FiledChange): ChangeItem[] {
  const { kind, details, placement, sourceSchool, destinationSchool, corrected, undone, majorName } = change;
  const ground = groundOf(details);
  const stated: Readonly<Record<string, unknown>> = { ...details, ...placement };
  return [
    ...(isTransfer(kind) ? row('就读学校', sourceSchool, destinationSchool ?? '') : []),
    ...stateItem(change),
    ...(kind === 'studyCorrection' ? [] : studyItems(change)),
    ...corrected.map(({ field, former, proposed }) => ({
      item: FIELD_NAMES[field] ?? field,
      from: studyWord(field, former, majorName),
      to: studyWord(field, proposed, majorName),
    })),
    ...row('办理事项', '', ACTIONS[textOf(details.action)] ?? ''),
    ...row('恢复的异动', '', undone ?? ''),
    ...row('事由类别', '', ground === undefined ? '' : (GROUND_WORDS[ground]?.zh ?? ground)),
    ...NAMED.flatMap((name) => row(NAMED_OF[name] ?? FIELD_NAMES[name] ?? name, '', textOf(stated[name]))),
    ...row('非正常死亡', '', details.unnatural === true ? '是' : ''),
  ];
}
