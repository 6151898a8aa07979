import { blockerView } from '../platform/http/problem.js';
import type { CalendarStore } from '../calendar/calendar.store.js';
import { isoInShanghai } from '../platform/clock.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Policy } from '../domain/policy/policy.js';
import { differences } from '../domain/packs/policy-pack.js';
import type { Route } from '../domain/procedure/procedure.js';
import { longestWay } from '../domain/case/route.js';
import { addWorkingDays, dateOf, type WorkingCalendar } from '../domain/working-days.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { OrganisationName } from '../organisations/organisations.dto.js';
import { latestCases, newBlockers, routeUnder, type PreviewedCase } from './latest-cases.js';
import { packFaults } from './pack-faults.js';
import { reasonView, type LockedVersion } from './packs.store.js';
import type { CasePreviewView, CaseUnderPolicyView, PolicyPreview } from './policies.dto.js';
import { lineOf, sourceIn, withSourcesIn, type Line } from './line.js';
import { policyOf, type PolicyStore } from './policies.store.js';

/** How many cases a preview looks at. */
const CASES = 20;

type Names = ReadonlyMap<string, OrganisationName>;

interface Looking {
  readonly policies: PolicyStore;
  readonly calendars: CalendarStore;
  readonly cipher: FieldCipher;
  readonly now: number;
}

/** What a version would change: key by key against what is in force today, and for the province's latest cases. */
export async function previewOfPack(
  tx: Transaction,
  version: LockedVersion,
  { policies, calendars, cipher, now }: Looking,
): Promise<PolicyPreview> {
  const { id, organisationId, document, content, basedOn } = version;
  const inForce = await policies.inForce(tx, organisationId, dateOf(now));
  const base = await policies.frozen(tx, basedOn);
  const proposed = policyOf(content, id, version.version, base);
  const [line, lineInForce] = await Promise.all([lineOf(tx, version), lineOf(tx, inForce)]);
  const { national, ofProvince } = await calendars.current(tx);
  const filed = await latestCases(tx, cipher, organisationId, CASES);
  const had = new Map(await Promise.all(filed.map(async (one) => [one.id, await policies.frozen(tx, one.route.policy)] as const)));
  const routes = filed.map((one) => ({ filed: one, route: routeUnder(one, proposed), had: had.get(one.id) ?? inForce }));
  const names = await namesOf(
    tx,
    routes.flatMap(({ filed: { route: before }, route }) => [...before.steps, ...route.steps].map((step) => step.organisationId)),
  );
  const calendar = ofProvince.get(organisationId) ?? national;
  return {
    inForce: { id: inForce.id, version: inForce.version },
    basedOn,
    stale: version.state === 'draft' && (await isOvertaken(tx, policies, version, dateOf(now))),
    differences: differences(settled(inForce), settled(proposed)).map((one) => {
      const [inForceBy, proposedBy] = [sourceIn(lineInForce, one.pointer), sourceIn(line, one.pointer)];
      return { ...one, inForceBy, proposedBy, dropped: proposedBy.policy.id !== id || proposedBy.policy.version !== version.version };
    }),
    reasons: (await packFaults(tx, { organisationId, base }, { document, content }, now)).map((fault) => reasonView(fault, content, base)),
    cases: routes.map((one) => casePreview(one.filed, one.route, { had: one.had, proposed, line }, calendar, names)),
  };
}

/** Whether a draft follows a version that is no longer in force, and that will not be. */
async function isOvertaken(
  tx: Transaction,
  policies: PolicyStore,
  { organisationId, inPlaceOf }: LockedVersion,
  today: string,
): Promise<boolean> {
  const [row] = await tx.query<{ from: string }[]>(
    `select to_char(greatest(effective_from, $3::date), 'YYYY-MM-DD') as "from" from policy where id = $1 and version = $2`,
    [inPlaceOf.id, inPlaceOf.version, today],
  );
  const { id, version } = await policies.inForce(tx, organisationId, row?.from ?? today);
  return id !== inPlaceOf.id || version !== inPlaceOf.version;
}

const settled = ({ id: _id, version: _version, ...content }: Policy) => content;

function casePreview(
  filed: PreviewedCase,
  route: Route,
  policies: { had: Policy; proposed: Policy; line: Line },
  calendar: WorkingCalendar,
  names: Names,
): CasePreviewView {
  const under = (one: Route, policy: Policy, blockers: CaseUnderPolicyView['blockers']): CaseUnderPolicyView => {
    const workingDays = longestWay(one);
    return {
      policy: { id: policy.id, version: policy.version },
      steps: one.steps.map(({ id, stage, organisationId, workingDays: days }) => ({
        id,
        stage,
        workingDays: days,
        organisation: names.get(organisationId) ?? { id: organisationId, code: '', name: '' },
      })),
      workingDays,
      latestEndOn: addWorkingDays(calendar, dateOf(filed.filedAt.getTime()), workingDays).date,
      blockers,
    };
  };
  const had = under(filed.route, policies.had, []);
  const would = under(
    route,
    policies.proposed,
    withSourcesIn(policies.line, filed.kind, newBlockers(filed, policies.had, policies.proposed)).map(blockerView),
  );
  const said = ({ policy: _policy, ...rest }: CaseUnderPolicyView) => JSON.stringify(rest);
  return {
    requestId: filed.id,
    number: filed.number,
    kind: filed.kind,
    state: filed.state,
    filedAt: isoInShanghai(filed.filedAt.getTime()),
    had,
    would,
    differs: said(had) !== said(would),
  };
}

async function namesOf(tx: Transaction, ids: readonly string[]): Promise<Names> {
  const rows = await tx.query<{ name: OrganisationName }[]>(
    `select ${ORGANISATION_NAME('o')} as name from organisation o where o.id = any($1)`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map(({ name }) => [name.id, name]));
}
