import pg from 'pg';

/** Who and what the load needs, beside the demonstration: counties with schools, people in offices with sessions, students. */
export interface Population {
  readonly schools: readonly School[];
  readonly students: readonly { readonly id: string; readonly school: number }[];
}

export interface School {
  readonly id: string;
  readonly authorityId: string;
  readonly provinceId: string;
  /** Bearer tokens: of the school's clerk and reviewer, and of the competent authority's reviewer. */
  readonly clerk: string;
  readonly reviewer: string;
  readonly authorityReviewer: string;
}

export interface Size {
  readonly counties: number;
  readonly schools: number;
  readonly students: number;
}

export const LOAD: Size = { counties: 20, schools: 200, students: 20_000 };

const COUNTIES = `
  insert into organisation (id, code, name, level, parent_id, ancestors, province_id, division_code)
  select gen_random_uuid(), 'C' || lpad(n::text, 5, '0'), '压测县教育局' || n, 'county', city.id, array[city.id] || city.ancestors,
    city.province_id, city.division_code
  from generate_series(0, $1::int - 1) n
    join (select *, row_number() over (order by code) - 1 as nth, count(*) over () as cities from organisation where level = 'city') city
      on city.nth = n % city.cities`;

const SCHOOLS = `
  insert into organisation (id, code, name, level, type, parent_id, ancestors, province_id, division_code)
  select gen_random_uuid(), 'S' || lpad(n::text, 5, '0'), '压测职业高级中学' || n, 'school', 'vocationalHigh', county.id,
    array[county.id] || county.ancestors, county.province_id, county.division_code
  from generate_series(0, $1::int - 1) n
    join (select *, row_number() over (order by code) - 1 as nth, count(*) over () as counties from organisation
      where code like 'C_____') county on county.nth = n % county.counties`;

/** One major, to every intake of these years. */
const MAJORS = `
  insert into school_major (school_id, intake, major_code, study_mode, length_years, entry)
  select o.id, intake::text, '710201', 'fullTime', 3, 'juniorMiddle' from organisation o, generate_series(2022, 2031) intake
  where o.code like 'S_____'`;

/** One person an office; a session's token is made of its person's name, so that the load can sign in without 600 argon2 checks. */
const PEOPLE = `
  with post as (
    select o.id as organisation_id, p.role || '.' || o.code as username, p.office from organisation o
    join (values ('clerk', 'schoolClerk', 'S_____'), ('reviewer', 'schoolReviewer', 'S_____'), ('reviewer2', 'schoolReviewer', 'S_____'),
      ('reviewer', 'authorityReviewer', 'C_____')) as p (role, office, codes) on o.code like p.codes),
  made as (
    insert into person (id, username, display_name) select gen_random_uuid(), username, username from post returning id, username),
  held as (
    insert into office (id, person_id, organisation_id, office, held_from)
    select gen_random_uuid(), made.id, post.organisation_id, post.office, '2014-11-15' from made join post using (username))
  insert into session (token_hash, id, person_id, created_at, used_at, expires_at)
  select sha256(convert_to('bench-session-of' || md5(username), 'UTF8')), gen_random_uuid(), id, now(), now(), now() + interval '7 days'
  from made`;

const STUDENTS = `
  with made as (
    insert into student (id, number_cipher, number_index, document_type, document_cipher, document_index, name_cipher, name_index,
      masked_name, sex, birth_date_cipher, birth_year, changed_at)
    select gen_random_uuid(), sha256(convert_to('a' || n, 'UTF8')), sha256(convert_to('b' || n, 'UTF8')), 'residentId',
      sha256(convert_to('c' || n, 'UTF8')), sha256(convert_to('d' || n, 'UTF8')),
      sha256(convert_to('e' || n, 'UTF8')), sha256(convert_to('f' || n, 'UTF8')), '压*', 'female', sha256(convert_to('g' || n, 'UTF8')),
        2010, now()
    from generate_series(1, $1::int) n returning id)
  insert into enrolment (id, student_id, school_id, state, major_code, grade, class_name, study_mode, length_years, enrolled_on,
    expected_leaving_on, valid_from, since, recorded_at, changed_at)
  select gen_random_uuid(), student.id, school.id, 'active', '710201', '2025', '2025级1班', 'fullTime', 3, '2025-09-01', '2028-06-30',
    '2025-09-01', '2025-09-01', now(), now()
  from (select id, row_number() over () - 1 as nth from made) student
    join (select id, row_number() over (order by code) - 1 as nth, count(*) over () as schools from organisation
      where code like 'S_____') school on school.nth = student.nth % school.schools`;

const CLASSES = `
  insert into school_class (id, school_id, name, grade, major_code, opened_on)
  select gen_random_uuid(), id, '2025级1班', '2025', '710201', '2025-09-01' from organisation where code like 'S_____'`;

const token = (role: string, column: string) => `'bench-session-of' || md5('${role}.' || ${column})`;
const READ_SCHOOLS = `
  select s.id, s.parent_id as "authorityId", s.province_id as "provinceId", ${token('clerk', 's.code')} as clerk,
    ${token('reviewer', 's.code')} as reviewer,
    ${token('reviewer', 'c.code')} as "authorityReviewer" from organisation s join organisation c on c.id = s.parent_id
      where s.code like 'S_____' order by s.code`;
const READ_STUDENTS = `
  select e.student_id as id, school.nth::int as school from enrolment e
    join (select id, row_number() over (order by code) - 1 as nth from organisation where code like 'S_____') school
      on school.id = e.school_id
  where e.state = 'active' order by e.student_id`;

/** Writes the population into a migrated database that holds the demonstration; a few statements, whatever its size. */
export async function populate(ownerUrl: string, size: Size = LOAD): Promise<Population> {
  const db = new pg.Client({ connectionString: ownerUrl });
  await db.connect();
  try {
    await db.query(COUNTIES, [size.counties]);
    await db.query(SCHOOLS, [size.schools]);
    await db.query(MAJORS);
    await db.query(PEOPLE);
    await db.query(CLASSES);
    await db.query(STUDENTS, [size.students]);
    await db.query('vacuum analyze');
    const schools = await db.query<School>(READ_SCHOOLS);
    const students = await db.query<Population['students'][number]>(READ_STUDENTS);
    return { schools: schools.rows, students: students.rows };
  } finally {
    await db.end();
  }
}
