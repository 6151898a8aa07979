import type pg from 'pg';
import { DOUBT_RULE_CODES } from '../src/data-checks/doubt-rules.js';
import { DOUBT_COUNTS, DOUBT_PAGE } from '../src/data-checks/doubts.store.js';
import { SAMPLE } from '../src/data-checks/samples.store.js';
import { ENROLMENTS_ON, MOST_LINES, MOVEMENTS, RETENTION } from '../src/statistics/statistics.store.js';
import { CHANGED_SINCE, ELIGIBLE } from '../src/subsidies/subsidies.store.js';
import { asApplication, explainedGenerically, inScopeOf } from './plans.js';
import { LOAD, populate } from './population.js';
import { productDatabase, type Engines } from './system.js';

const DATABASE = 'figures';
const [ENROLMENTS, AT_A_TIME] = [1_000_000, 100_000];

export interface FiguresResults {
  readonly enrolments: number;
  /** Milliseconds that PostgreSQL takes, the middle of three. */
  readonly ms: Readonly<Record<string, number>>;
  /** EXPLAIN (ANALYZE, BUFFERS) of each statement. */
  readonly plans: string;
}

/** Students $1 to $2 over the load's schools: of three intakes, most active, some suspended, some without a class. */
const STUDENTS = `
  with made as (
    insert into student (id, number_cipher, number_index, document_type, document_cipher, document_index, name_cipher, name_index,
      masked_name, sex, birth_date_cipher, birth_year, authentication, changed_at)
    select gen_random_uuid(), '', sha256(convert_to('a' || n, 'UTF8')), 'residentId', '', sha256(convert_to('d' || n, 'UTF8')), '',
      sha256(convert_to('f' || n, 'UTF8')), '压*', case n % 2 when 0 then 'male' else 'female' end, '', 2024 - n % 3 - 15,
      case n % 97 when 0 then 'pending' else 'confirmed' end, now()
    from generate_series($1::int, $2::int) n returning id, 2024 - birth_year - 15 as back)
  insert into enrolment (id, student_id, school_id, state, major_code, grade, class_name, study_mode, length_years, enrolled_on,
    expected_leaving_on, valid_from, since, recorded_at, changed_at)
  select gen_random_uuid(), m.id, school.id, case m.nth % 29 when 0 then 'suspended' else 'active' end, '710201', (2026 - m.back)::text,
    case m.nth % 53 when 0 then null else '1班' end, case m.nth % 19 when 0 then 'partTime' else 'fullTime' end, 3,
    make_date(2026 - m.back, 9, 1), make_date(2029 - m.back, 6, 30), make_date(2026 - m.back, 9, 1), make_date(2026 - m.back, 9, 1),
    now(), '2026-09-01'
  from (select *, row_number() over () as nth from made) m
    join (select id, row_number() over (order by code) - 1 as nth, count(*) over () as n from organisation where code like 'S_____') school
      on school.nth = m.nth % school.n`;

/** A tenth left or was suspended since the school year began. */
const CHANGES = `
  update enrolment set state = case when since < '2025-01-01' then 'withdrawn' else 'suspended' end, since = '2026-10-12',
    changed_at = '2026-10-12'
  where state = 'active' and substr(id::text, 1, 1) = '7' and school_id in (select id from organisation where code like 'S_____')`;

/** Half are registered in the term under way. */
const TERMS = `
  with term as (insert into school_term (id, school_id, year, nth) select gen_random_uuid(), id, 2026, 1 from organisation
    where code like 'S_____' returning id, school_id)
  insert into term_registration (student_id, year, nth, term_id, seq, school_id, enrolment_id, registered_at, first_day, working_days,
    due_date, late)
  select e.student_id, 2026, 1, t.id, 1, t.school_id, e.id, now(), '2026-09-01', 20, '2026-09-29', false
  from term t join enrolment e using (school_id) where e.state = 'active' and substr(e.id::text, 1, 1) < '8'`;

const ASKED = JSON.stringify({
  today: '2026-11-24',
  for_adults: false,
  required: ['ethnicGroup', 'admissionKind'],
  years: [2026, 2025, 2025],
  nths: [1, 2, 1],
  term_from: '2026-09-01',
  intake_from: '2026-04-21',
  three_from: '2025-09-01',
  three_intake_from: '2025-04-21',
});
const NOBODY = '00000000-0000-0000-0000-000000000000';

async function explained(client: pg.Client, statement: string, values: readonly unknown[]): Promise<{ ms: number; plan: string }> {
  const runs: { ms: number; plan: string }[] = [];
  for (let n = 0; n < 3; n += 1) {
    const plan = await explainedGenerically(client, statement, values);
    runs.push({ ms: Number(/Execution Time: ([\d.]+)/.exec(plan)?.[1]), plan });
  }
  return runs.sort((a, b) => a.ms - b.ms)[1]!;
}

/** Statistics of the nation, doubts of a school and the feed for subsidies, over a million enrolments under row-level security. */
export async function figuresScenario(engines: Engines, say: (line: string) => void): Promise<FiguresResults> {
  await productDatabase(engines, DATABASE);
  await populate(engines.url(DATABASE), { ...LOAD, students: 1 });
  say(`Generating ${ENROLMENTS.toLocaleString('en')} enrolments …`);
  for (let from = 0; from < ENROLMENTS; from += AT_A_TIME) await engines.sql(DATABASE, STUDENTS, [from + 10, from + 9 + AT_A_TIME]);
  for (const statement of [CHANGES, TERMS, 'vacuum analyze']) await engines.sql(DATABASE, statement);
  const client = await asApplication(engines.url(DATABASE));
  try {
    const nation = await idOf(client, `level = 'national'`);
    const county = await idOf(client, `code like 'C_____'`);
    const school = await idOf(client, `code like 'S_____'`);
    const all: readonly (readonly [string, string, readonly unknown[]])[] = [
      [
        'the nation on 1 September, by school',
        ENROLMENTS_ON,
        [[nation], '2026-09-01', ['active', 'suspended'], ['school'], MOST_LINES + 1],
      ],
      [
        'the nation today, by all',
        ENROLMENTS_ON,
        [[nation], '2026-11-24', ['active', 'suspended'], ['grade', 'sex', 'state'], MOST_LINES + 1],
      ],
      ['movements of the nation, by authority', MOVEMENTS('authority'), [[nation], '2026-09-01', '2026-11-24', MOST_LINES + 1]],
      ['retention in the nation, by school', RETENTION('school'), [[nation], '2025', '2025-11-20', '2026-11-24', MOST_LINES + 1]],
      ['sample in the nation', SAMPLE, [nation, 'seed', 200]],
      ['doubts of a school, a page', DOUBT_PAGE, [school, ASKED, DOUBT_RULE_CODES, NOBODY, '', null, 51]],
      ['doubts of a school, counted', DOUBT_COUNTS, [school, ASKED, DOUBT_RULE_CODES]],
      ['subsidies of the nation, first page', ELIGIBLE, [[nation], '', NOBODY, '2026-10-01', '2026-10-31', '2024', 501]],
      ['subsidies of the nation, a page in the middle', ELIGIBLE, [[nation], 'S00100', NOBODY, '2026-10-01', '2026-10-31', '2024', 501]],
      ['subsidies of a county, first page', ELIGIBLE, [[county], '', NOBODY, '2026-10-01', '2026-10-31', '2024', 501]],
      ['changes of the nation since 1 October, a page', CHANGED_SINCE, [[nation], '', NOBODY, '2026-10-01', '-infinity', 501]],
    ];
    const ms: Record<string, number> = {};
    const plans: string[] = [];
    for (const [title, statement, values] of all) {
      await inScopeOf(client, [nation]);
      await client.query(`select set_config('xueji.reach', 'figures', false)`);
      const { ms: taken, plan } = await explained(client, statement, values);
      ms[title] = taken;
      plans.push(`── ${title}: ${taken} ms\n${plan}`);
      say(`${title}: ${taken} ms`);
    }
    return { enrolments: ENROLMENTS, ms, plans: plans.join('\n\n') };
  } finally {
    await client.end();
  }
}

async function idOf(client: pg.Client, where: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(`select id from organisation where ${where} order by code limit 1`);
  return rows[0]!.id;
}
