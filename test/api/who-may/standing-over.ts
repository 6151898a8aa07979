import type { DemoOrganisation } from '../../fixtures/demonstration.js';
import type { Person } from './cast.js';
import type { Refused } from './duties.js';
import type { Notice, Stage } from './stage.js';

/** Of whom it is refused, and how. */
export type Refusing = (stage: Stage, caller: Person) => Refused;

export const has = ({ offices }: Person, office: string, ...at: readonly DemoOrganisation[]): boolean =>
  offices.some((one) => one.office === office && (at.length === 0 || at.some(({ id }) => id === one.organisationId)));
export const belongsTo = ({ offices }: Person, ...places: readonly DemoOrganisation[]): boolean =>
  offices.some(({ organisationId }) => places.some(({ id }) => id === organisationId));
/** Whether the person reads there: administrators and operators do not, unless they stand in for somebody who does. */
export const readsAt = ({ offices, standsInFor }: Person, ...places: readonly DemoOrganisation[]): boolean =>
  [...offices.filter(({ office }) => office !== 'orgAdmin' && office !== 'operator'), ...standsInFor].some(({ organisationId }) =>
    places.some(({ id }) => id === organisationId),
  );

export const NOT_YOURS = [403, 'not-your-office'] as const;
export const NOT_THERE = [404, 'not-found'] as const;

/** An administrator of the school or of its authority appoints there; another one does not see it. */
export const appoints = ({ places: { source }, home }: Stage, caller: Person): Refused => {
  if (has(caller, 'orgAdmin', source, home)) return undefined;
  return has(caller, 'orgAdmin') ? NOT_THERE : NOT_YOURS;
};
/** An administrator of the school or of any authority above it looks after the accounts that were entered there. */
export const looksAfter = (stage: Stage, caller: Person): Refused => {
  const { source } = stage.places;
  if (has(caller, 'orgAdmin', source, ...stage.above(source))) return undefined;
  return has(caller, 'orgAdmin') ? NOT_THERE : NOT_YOURS;
};
export const keepsHooks = ({ places: { source }, home }: Stage, caller: Person): Refused =>
  has(caller, 'orgAdmin', source, home) ? undefined : NOT_THERE;
/** A supervisor of any authority above all the schools; one of another authority is told so. */
export const stands =
  (otherwise: Refused, ...schools: readonly ('source' | 'neighbour' | 'elsewhere')[]) =>
  (stage: Stage, caller: Person): Refused => {
    if (!has(caller, 'authoritySupervisor')) return NOT_YOURS;
    const ladders = schools.map((one) => stage.above(stage.places[one]));
    const over = (ladders[0] ?? []).filter(({ id }) => ladders.every((ladder) => ladder.some((one) => one.id === id)));
    return has(caller, 'authoritySupervisor', ...over) ? undefined : otherwise;
  };
/** Of what concerns the school all know who handle or supervise there or above it; the authority that made it goes on with it. */
export const ofHome =
  (code: string, holds: (stage: Stage, caller: Person) => boolean) =>
  (stage: Stage, caller: Person): Refused => {
    const { source } = stage.places;
    if (!readsAt(caller, source, ...stage.above(source))) return NOT_THERE;
    return holds(stage, caller) ? undefined : [403, code];
  };
export const supervisesHome = ({ home }: Stage, caller: Person): boolean => has(caller, 'authoritySupervisor', home);
export const isOfSchool = ({ places: { source } }: Stage, caller: Person): boolean =>
  has(caller, 'schoolClerk', source) || has(caller, 'schoolReviewer', source);

export const files = ({ places: { source } }: Stage, caller: Person): Refused => {
  if (has(caller, 'schoolClerk', source)) return undefined;
  const filesAnywhere = has(caller, 'schoolClerk') || has(caller, 'authoritySupervisor');
  return readsAt(caller, source) || !filesAnywhere ? NOT_YOURS : NOT_THERE;
};

/** The school's own clerk; whoever else handles or supervises there or above sees the term. */
export const registersTerms = ofHome('not-your-office', ({ places: { source } }, caller) => has(caller, 'schoolClerk', source));

/** A reviewer of its competent authority too (A20). */
export const retractsTerms = ofHome(
  'not-your-office',
  (stage, caller) =>
    has(caller, 'schoolClerk', stage.places.source) || has(caller, 'authorityReviewer', ...stage.above(stage.places.source).slice(0, 1)),
);

export const nation = (stage: Stage): DemoOrganisation => stage.above(stage.places.source).at(-1) as DemoOrganisation;
export const ofTheNation = (stage: Stage, caller: Person): boolean =>
  has(caller, 'authoritySupervisor', nation(stage)) || has(caller, 'operator', nation(stage));
/** An office in the province, or at a place below it. */
export const isInProvince = ({ demo, province }: Stage, { offices }: Person): boolean =>
  offices.some(
    ({ organisationId: id }) => id === province.id || demo.at(demo.organisations.get(id) as DemoOrganisation, 'province') === province.id,
  );
export const supervisesProvince = (stage: Stage, caller: Person): boolean => has(caller, 'authoritySupervisor', stage.province);
/** The first supervisor of the province, and of the nation, has drafted what another is to put into force. */
const drafted = (stage: Stage, at: DemoOrganisation, { username }: Person): boolean =>
  stage.demo.holder(at.id, 'authoritySupervisor') === username;
export const unless = (holds: boolean, refused: Refused): Refused => (holds ? undefined : refused);
export const another = (stage: Stage, at: DemoOrganisation, caller: Person): Refused =>
  unless(!drafted(stage, at, caller), [403, 'separation-of-duties']);

/** A report is for the province that it is addressed to, and for the school that made it. */
export const ofNotice =
  (nth: number, holds: (notice: Notice, caller: Person) => boolean) =>
  ({ notices }: Stage, caller: Person): Refused => {
    const notice = notices[nth] as Notice;
    if (!readsAt(caller, notice.school, notice.province)) return NOT_THERE;
    return unless(holds(notice, caller), NOT_YOURS);
  };
export const reviewsThere = ({ province }: Notice, caller: Person): boolean => has(caller, 'authorityReviewer', province);
export const answersThere = ({ school }: Notice, caller: Person): boolean =>
  has(caller, 'schoolClerk', school) || has(caller, 'schoolReviewer', school);

/** A draft is seen in its province alone. */
export function ofDraft(more: Refusing = () => undefined): Refusing {
  return (stage, caller) => {
    if (!belongsTo(caller, stage.province)) return NOT_THERE;
    return unless(supervisesProvince(stage, caller), NOT_YOURS) ?? more(stage, caller);
  };
}
