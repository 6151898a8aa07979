import type { Subject } from '../effect.js';

/**
 * Filing notices 备案, which nothing waits for:
 * 1. Each school of a transfer between provinces tells both provinces.
 * 2. The school of a student who died an unnatural death tells the authorities above its own.
 */
export async function recordFilingNotices({ tx, deps, loaded }: Subject): Promise<void> {
  const { noticesTo, parties } = loaded.state.route;
  if (noticesTo.length === 0) return;
  const schools = [parties.sourceSchool, parties.destinationSchool, parties.school].filter((id) => id !== undefined);
  await tx.query(
    `insert into filing_notice (request_id, from_school_id, to_province_id, recorded_at)
     select $1, school, province, $4 from unnest($2::uuid[]) as school, unnest($3::uuid[]) as province`,
    [loaded.request.id, schools, noticesTo, new Date(deps.clock.now())],
  );
}
