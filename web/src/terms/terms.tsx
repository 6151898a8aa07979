import { getRouteApi, Link } from '@tanstack/react-router';
import { useWords } from '../ground/language';
import { holds, useMe } from '../ground/me';
import { Page } from '../ground/page';
import { termsWords } from '../words/terms';
import { SchoolTerm } from './school-term';
import { TermTable } from './term-table';

const route = getRouteApi('/shell/terms');

/** The registration of a term: of one's school, or of all schools below and of each of them. */
export function Terms() {
  const t = useWords(termsWords);
  const me = useMe();
  const { schoolId, term = 'current', by = 'school' } = route.useSearch();
  const navigate = route.useNavigate();
  const own = me.offices.find(({ organisation }) => organisation.level === 'school')?.organisation.id;
  const isAbove = holds(me, ['authorityReviewer', 'authoritySupervisor']);
  const shown = schoolId ?? (isAbove ? undefined : own);
  return (
    <Page title={t.title} extra={shown && isAbove && <Link to="/terms">{t.back}</Link>}>
      {shown ? (
        <SchoolTerm schoolId={shown} term={term} />
      ) : (
        <TermTable by={by} onBy={(next) => void navigate({ search: { by: next }, replace: true })} />
      )}
    </Page>
  );
}
