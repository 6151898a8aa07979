import { getRouteApi } from '@tanstack/react-router';
import { useWords } from '../ground/language';
import { holds, useMe } from '../ground/me';
import { Page } from '../ground/page';
import { Views } from '../ground/views';
import { supervisionWords } from '../words/supervision';
import { Bulletin } from './bulletin';
import { VIEWS } from './filters';
import { OverdueCounts } from './overdue-counts';
import { OverdueTasks } from './overdue-tasks';
import { StaleRequests } from './stale-requests';
import { Urges } from './urges';

const route = getRouteApi('/shell/supervision');

/** What is overdue or stands still below the caller, and what was done about it. */
export function Supervision() {
  const t = useWords(supervisionWords);
  const me = useMe();
  const { view = 'overdue', ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const isSupervisor = holds(me, ['authoritySupervisor']);
  const isAuthority = isSupervisor || holds(me, ['authorityReviewer']);
  const shown = VIEWS.filter((one) => (one === 'urges' ? isSupervisor : one === 'bulletin' ? isAuthority : true));
  return (
    <Page title={t.title}>
      <Views label={t.views} value={view} views={shown} words={t} />
      {view === 'overdue' && (
        <OverdueCounts by={filters.by ?? 'authority'} onBy={(by) => void navigate({ search: { by }, replace: true })} />
      )}
      {view === 'tasks' && <OverdueTasks organisationId={filters.organisationId} kind={filters.kind} mayUrge={isSupervisor} />}
      {view === 'stale' && <StaleRequests />}
      {view === 'urges' && isSupervisor && <Urges />}
      {view === 'bulletin' && isAuthority && <Bulletin />}
    </Page>
  );
}
