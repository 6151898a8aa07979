import { getRouteApi } from '@tanstack/react-router';
import { useWords } from '../ground/language';
import { Page } from '../ground/page';
import { Views } from '../ground/views';
import { operationsWords } from '../words/operations';
import { VIEWS } from './filters';
import { Health } from './health';
import { Incidents } from './incidents';
import { StandingCases } from './standing-cases';

const route = getRouteApi('/shell/operations');

/** What stands still, what happened from outside, and how the system is. */
export function Operations() {
  const t = useWords(operationsWords);
  const { view = 'cases', hold = 'effectParked', acknowledged = 'no' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page title={t.title}>
      <Views label={t.views} value={view} views={VIEWS} words={t} />
      {view === 'cases' && <StandingCases hold={hold} onHold={(next) => void navigate({ search: { hold: next }, replace: true })} />}
      {view === 'incidents' && (
        <Incidents
          acknowledged={acknowledged}
          onAcknowledged={(next) => void navigate({ search: { view: 'incidents', acknowledged: next }, replace: true })}
        />
      )}
      {view === 'health' && <Health />}
    </Page>
  );
}
