import { api, told, type Schemas } from '../ground/api';
import { useCodes } from '../ground/codes';
import { useDay } from '../ground/days';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { usePaged } from '../ground/paged';
import { administrationWords } from '../words/administration';

/** The joint programmes 联合办学 in which the caller's organisations take part. */
export function Programmes() {
  const t = useWords(administrationWords);
  const major = useCodes('majors');
  const day = useDay();
  const { list, rows } = usePaged<Schemas['JointProgrammeView']>({
    queryKey: ['joint-programmes'],
    ask: (part, signal) => told(api.GET('/api/v1/joint-programmes', { params: { query: part }, signal })),
  });
  return (
    <Listed
      label={t.programmes}
      list={list}
      rows={rows}
      empty={t.noProgrammes}
      columns={[
        { name: t.programme, cell: ({ name }) => name },
        { name: t.schools, cell: ({ schools }) => schools.map((one) => one.name).join('、') },
        { name: t.majors, cell: ({ majorCodes }) => majorCodes.map(major).join('、') },
        { name: t.intakeYear, cell: ({ intakeYear }) => intakeYear },
        { name: t.agreement, cell: ({ agreement }) => `${agreement.number} ${t.signedOn(day(agreement.signedOn))}` },
        { name: t.period, cell: ({ from, to }) => t.span(day(from), day(to)) },
        { name: t.authority, cell: ({ authority }) => authority.name },
      ]}
    />
  );
}
