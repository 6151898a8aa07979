import { askedOfSchool } from '../data-checks/asked.js';
import { DOUBT_RULE_CODES, DOUBT_RULES } from '../data-checks/doubt-rules.js';
import { DOUBT_PAGE, type DoubtRow } from '../data-checks/doubts.store.js';
import type { JobKind, JobPageDone, RunningJob } from '../jobs/job-kind.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { School, TermDeps } from '../school-terms/term-of-school.js';
import { csvPart, fileOf, FILE_TYPES, type FileFormat, type Table } from '../sheets/table.js';
import { enrolmentFigures, movementFigures, retentionFigures, type FiguresAsked } from '../statistics/statistics.service.js';
import { enrolmentTable, movementTable, retentionTable } from '../statistics/statistics.tables.js';
import type { EnrolmentFiguresQuery, MovementQuery, RetentionQuery } from '../statistics/statistics.dto.js';
import type { Exported } from './exports.dto.js';

export interface ExportParams {
  readonly what: Exported;
  /** Those in whose name the person read when it was started. */
  readonly organisations: readonly string[];
  /** The day on which it was started; figures are of no later one. */
  readonly today: string;
  readonly query: object;
}

/** Where the next page begins: after a school, of so many in all. */
interface AfterSchool {
  readonly code: string;
  readonly done: number;
}

/** Lines of one file of figures. */
const MOST_EXPORTED_LINES = 50_000;
/** Doubts of one school: more than its rules can find. */
const MOST_OF_A_SCHOOL = 200_000;

export const exportKind = (format: FileFormat): string => `export.${format}`;

type Figures = Exclude<Exported, 'doubts'>;
const TABLES: Readonly<Record<Figures, (tx: Transaction, asked: FiguresAsked, query: object) => Promise<Table>>> = {
  enrolments: async (tx, asked, query) => enrolmentTable(await enrolmentFigures(tx, asked, query as EnrolmentFiguresQuery)),
  movements: async (tx, asked, query) => movementTable(await movementFigures(tx, asked, { by: 'school', ...query } as MovementQuery)),
  retention: async (tx, asked, query) => retentionTable(await retentionFigures(tx, asked, query as RetentionQuery)),
};

const NEXT_SCHOOL = `
  select o.id, ${ORGANISATION_NAME('o')} as name, o.code, o.ancestors, o.province_id as "provinceId", o.closed_on is not null as closed,
    (count(*) over ())::int as left
  from organisation o
  where o.level = 'school' and o.type <> 'ordinaryMiddle' and (o.id = any($1::uuid[]) or o.ancestors && $1::uuid[]) and o.code > $2
  order by o.code limit 1`;
type NextSchool = School & { readonly code: string; readonly left: number };

const PROGRESS_WORDS = { open: '未核实', answered: '已核实', overdue: '逾期未更正' } as const;
const HEADINGS = ['学校代码', '学校', '学生编号', '姓名', '年级', '班级', '疑点', '发现内容', '核实情况', '更正期限'];

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** A page is a school: what its students are doubted for, without the texts of the answers. */
async function doubtsOfNext(tx: Transaction, deps: TermDeps, { params, cursor }: ExportJob): Promise<JobPageDone<AfterSchool>> {
  const { code: after, done } = cursor ?? { code: '', done: 0 };
  const [school] = await tx.query<NextSchool[]>(NEXT_SCHOOL, [params.organisations, after]);
  if (!school) return { progress: 1, parts: done === 0 ? [{ content: csvPart({ title: '', headings: HEADINGS, rows: [] }, true) }] : [] };
  const asked = JSON.stringify(await askedOfSchool(tx, deps, school));
  const rows = await tx.query<DoubtRow[]>(DOUBT_PAGE, [school.id, asked, DOUBT_RULE_CODES, NOBODY, '', null, MOST_OF_A_SCHOOL]);
  const lines = rows.map((row) => [
    school.code,
    school.name.name,
    row.studentId,
    row.maskedName,
    row.grade,
    row.className ?? '',
    DOUBT_RULES[row.rule].name.zh,
    JSON.stringify(row.seen),
    PROGRESS_WORDS[row.progress],
    row.correctBy ?? '',
  ]);
  return {
    next: { code: school.code, done: done + 1 },
    progress: (done + 1) / (done + school.left),
    parts: [{ content: csvPart({ title: '', headings: HEADINGS, rows: lines }, done === 0) }],
  };
}

type ExportJob = RunningJob<ExportParams, AfterSchool>;

/** Exports as jobs, one kind for each format of the file. */
export const exportJobs = (deps: TermDeps): readonly JobKind<ExportParams, AfterSchool>[] =>
  (Object.keys(FILE_TYPES) as FileFormat[]).map((format) => ({
    name: exportKind(format),
    file: { name: `export.${format}`, type: FILE_TYPES[format] },
    async page(tx, job) {
      const { what, organisations, today, query } = job.params;
      if (what === 'doubts') return doubtsOfNext(tx, deps, job);
      const table = await TABLES[what](tx, { organisations, today, most: MOST_EXPORTED_LINES }, query);
      return { progress: 1, parts: [{ content: await fileOf(table, format) }], result: { lines: table.rows.length } };
    },
  }));
