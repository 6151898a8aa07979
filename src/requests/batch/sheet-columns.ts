import type { Column } from './column.js';

interface Field {
  readonly type?: string;
  readonly example?: unknown;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly properties?: Fields;
}
type Fields = Readonly<Record<string, Field>>;

/** Fields of details in Chinese, for the heads of sheets. */
const WORDS: Readonly<Record<string, string>> = {
  destinationSchoolId: '转入学校',
  jointProgrammeId: '联办项目',
  effectiveOn: '生效日期',
  grade: '年级',
  className: '班级',
  majorCode: '专业代码',
  ground: '事由类别',
  studyMode: '学习形式',
  lengthYears: '学制',
  until: '结束日期',
  cause: '注销原因',
  diedOn: '死亡日期',
  unnatural: '非正常死亡',
  proofReceivedOn: '收到证明日期',
  action: '申请类型',
  requestId: '所引申请',
  registrationId: '注册记录',
  name: '姓名',
  sex: '性别',
  birthDate: '出生日期',
  documentType: '身份证件类型',
  documentNumber: '身份证件号码',
  ethnicGroup: '民族',
  formerName: '曾用名',
  namePinyin: '姓名拼音',
  politicalStatus: '政治面貌',
  nativePlace: '籍贯',
  householdType: '户口性质',
  householdDivision: '户口所在地',
  healthStatus: '健康状况',
};

/** A day is a text in the schema; its example tells it. */
function typeOf({ type, example }: Field): Column['type'] {
  if (typeof example === 'string' && /^\d{4}-\d\d-\d\d$/.test(example)) return 'date';
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'boolean' : 'text';
}

/** A column for each value; what is nested, as the new values of a correction, by the path that leads to it. A list has no column. */
const columnsAt = (path: string, fields: Fields = {}): Column[] =>
  Object.entries(fields).flatMap(([name, field]): Column[] => {
    const at = `${path}.${name}`;
    if (field.type === 'array') return [];
    if (field.type === 'object') return columnsAt(at, field.properties);
    const column = { path: at, zh: WORDS[name] ?? name, type: typeOf(field) };
    return [{ ...column, ...(field.description ? { note: field.description } : {}), ...(field.enum ? { choices: field.enum } : {}) }];
  });

/** The columns of a kind: whom, the kind's own details from their schema, and what every filing has. */
export function columnsOf(details: { readonly properties?: Fields }): Column[] {
  return [
    { path: 'studentNumber', zh: '学籍号', type: 'text' },
    ...columnsAt('details', details.properties),
    { path: 'reason', zh: '申请理由', type: 'text' },
    { path: 'application.by', zh: '申请人', type: 'text', choices: ['student', 'guardian', 'school', 'court'] },
    { path: 'application.on', zh: '申请日期', type: 'date' },
    { path: 'evidenceIds', zh: '证明材料', type: 'ids' },
    { path: 'externalId', zh: '外部编号', type: 'text' },
  ];
}
