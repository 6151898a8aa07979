import { randomUUID } from 'node:crypto';
import { asOwner } from '../../fixtures/owner.js';
import type { OfficeDuty } from './offices.js';
import { has, NOT_YOURS, unless, type Refusing } from './standing-over.js';
import type { Stage } from './stage.js';

const ofClerk: Refusing = ({ places: { source } }, caller) => unless(has(caller, 'schoolClerk', source), NOT_YOURS);

/** A class of its own for each call. */
async function aClass({ system, places: { source } }: Stage, like?: string): Promise<string> {
  const id = randomUUID();
  await asOwner(
    system,
    `insert into school_class (id, school_id, name, grade, major_code, opened_on)
     select $1::uuid, $2::uuid, $1::uuid::text, coalesce(l.grade, e.grade), coalesce(l.major_code, e.major_code), current_date
     from enrolment e left join school_class l on l.id = $3::uuid
     where e.school_id = $2::uuid and e.state = 'active' order by e.id limit 1`,
    [id, source.id, like ?? null],
  );
  return id;
}
const at = ({ places: { source } }: Stage, more = ''): string => `/schools/${source.id}/classes${more}`;

/** What a school does with its classes. */
export const CLASS_DUTIES: readonly OfficeDuty[] = [
  {
    endpoint: 'schools/{id}/classes',
    acts: ['classMade'],
    call: (stage) => ({ path: at(stage), body: { name: randomUUID(), grade: '2026' } }),
    refused: ofClerk,
  },
  {
    endpoint: 'patch schools/{id}/classes/{classId}',
    acts: ['classChanged'],
    call: async (stage) => ({ method: 'PATCH', path: at(stage, `/${await aClass(stage)}`), body: { size: 40 } }),
    refused: ofClerk,
  },
  {
    endpoint: 'schools/{id}/classes/{classId}/students',
    acts: ['placedInClass'],
    call: async (stage) => {
      const id = await aClass(stage);
      const [one] = await asOwner<{ id: string }[]>(
        stage.system,
        `select e.student_id as id from enrolment e join school_class c on c.school_id = e.school_id and c.grade = e.grade
           and c.major_code is not distinct from e.major_code where c.id = $1 and e.state = 'active' order by e.id limit 1`,
        [id],
      );
      return { path: at(stage, `/${id}/students`), body: { studentIds: [one?.id] } };
    },
    refused: ofClerk,
  },
  {
    endpoint: 'schools/{id}/classes/{classId}/merger',
    acts: ['classMerged'],
    call: async (stage) => {
      const id = await aClass(stage);
      return { path: at(stage, `/${id}/merger`), body: { into: await aClass(stage, id) } };
    },
    refused: ofClerk,
  },
  {
    endpoint: 'schools/{id}/classes/{classId}/closure',
    acts: ['classClosed'],
    call: async (stage) => ({ path: at(stage, `/${await aClass(stage)}/closure`) }),
    refused: ofClerk,
  },
];
