import { getRouteApi } from '@tanstack/react-router';
import { useWords } from '../ground/language';
import { holds, useMe } from '../ground/me';
import { OrganisationPicker } from '../ground/organisation-picker';
import { Page } from '../ground/page';
import { Views } from '../ground/views';
import { administrationWords } from '../words/administration';
import { VIEWS } from './filters';
import { Grants } from './grants';
import { Heads } from './heads';
import { Offices } from './offices';
import { People } from './people';
import { Programmes } from './programmes';
import { Webhooks } from './webhooks';

const route = getRouteApi('/shell/administration');

/** The people and offices of the caller's organisation and of those directly below. */
export function Administration() {
  const t = useWords(administrationWords);
  const me = useMe();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isAdmin = holds(me, ['orgAdmin']);
  const shown = isAdmin ? VIEWS : VIEWS.filter((one) => one === 'heads' || one === 'programmes');
  const view = shown.find((one) => one === search.view) ?? (isAdmin ? 'people' : 'heads');
  const own = me.offices.find(({ office }) => office === 'orgAdmin') ?? me.offices[0];
  const organisationId = search.organisationId ?? own?.organisation.id ?? '';
  const hasOrganisation = view !== 'grants' && view !== 'programmes' && view !== 'webhooks';
  return (
    <Page title={t.title}>
      <Views label={t.views} value={view} views={shown} words={t} kept={{ organisationId: search.organisationId }} />
      {hasOrganisation && (
        <div className="filters">
          <OrganisationPicker
            label={t.organisation}
            value={organisationId}
            onChange={(id) => void navigate({ search: (before) => ({ ...before, organisationId: id }), replace: true })}
          />
        </div>
      )}
      {view === 'people' && <People organisationId={organisationId} />}
      {view === 'offices' && <Offices organisationId={organisationId} />}
      {view === 'grants' && <Grants />}
      {view === 'heads' && <Heads organisationId={organisationId} mayEnter={isAdmin} />}
      {view === 'webhooks' && <Webhooks organisationId={organisationId} />}
      {view === 'programmes' && <Programmes />}
    </Page>
  );
}
