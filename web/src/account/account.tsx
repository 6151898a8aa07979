import { getRouteApi } from '@tanstack/react-router';
import { useWords } from '../ground/language';
import { Page } from '../ground/page';
import { Views } from '../ground/views';
import { accountWords } from '../words/account';
import { VIEWS } from './filters';
import { Password } from './password';
import { Proxies } from './proxies';
import { Sessions } from './sessions';

const route = getRouteApi('/shell/account');

/** What concerns the caller's own account. */
export function Account() {
  const t = useWords(accountWords);
  const { view = 'password' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page title={t.title}>
      <Views
        label={t.views}
        value={view}
        options={VIEWS.map((one) => ({ value: one, label: t[one] }))}
        onChange={(next) => void navigate({ search: { view: next === 'password' ? undefined : next } })}
      />
      {view === 'password' && <Password />}
      {view === 'sessions' && <Sessions />}
      {view === 'proxies' && <Proxies />}
    </Page>
  );
}
