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
  return (
    <Page title={t.title}>
      <Views label={t.views} value={view} views={VIEWS} words={t} />
      {view === 'password' && <Password />}
      {view === 'sessions' && <Sessions />}
      {view === 'proxies' && <Proxies />}
    </Page>
  );
}
