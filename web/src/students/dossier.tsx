import { ArrowLeftOutlined, FileAddOutlined, PrinterOutlined } from '@ant-design/icons';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Alert, Button, DatePicker, Slider, Space, Spin, theme } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { Fact } from '../ground/case/fields';
import { useManyCodes } from '../ground/codes';
import { today, useDay, useTime } from '../ground/days';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { holds, useMe } from '../ground/me';
import { Page } from '../ground/page';
import { Panel } from '../ground/panel';
import { ProblemShown } from '../ground/problem';
import { caseWords } from '../words/case';
import { studentsWords } from '../words/students';
import '../ground/case/case.css';
import './dossier.css';

type View = Schemas['DossierView'];

const route = getRouteApi('/shell/students/$id');
const DAY = 'YYYY-MM-DD';
const GAP = '\u3000';

/** A dossier as of a day: the person, the enrolments, what is on record, changes, terms, evidence, and who has read it. */
export function Dossier() {
  const t = useWords(studentsWords);
  const { id } = route.useParams();
  const { asOf } = route.useSearch();
  const me = useMe();
  const { data, error, refetch } = useQuery({
    queryKey: ['student', id, 'dossier', asOf],
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/students/{id}/dossier', { params: { path: { id }, query: asOf ? { asOf } : {} }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const isClerkOfTheirs = me.offices.some(({ office, organisation }) => office === 'schoolClerk' && organisation.id === data?.schoolId);
  return (
    <Page
      title={t.dossier}
      extra={
        <Space wrap>
          <Link to="/students">
            <ArrowLeftOutlined /> {t.back}
          </Link>
          <Button icon={<PrinterOutlined />} href={`/api/v1/students/${id}/record-card`} target="_blank" rel="noopener">
            {t.card}
          </Button>
          {isClerkOfTheirs && (
            <Link to={'/requests/file' as never} search={{ student: id } as never}>
              <Button type="primary" icon={<FileAddOutlined />} tabIndex={-1}>
                {t.file}
              </Button>
            </Link>
          )}
        </Space>
      }
    >
      {error && !data ? (
        <ProblemShown error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <div className="dossier">
          {error && <ProblemShown error={error} />}
          {data.mergedInto && (
            <Alert
              type="warning"
              showIcon
              title={t.merged}
              action={
                <Link to="/students/$id" params={{ id: data.mergedInto }}>
                  {t.seeMerged}
                </Link>
              }
            />
          )}
          <AsOf view={data} asOf={asOf} />
          <Shown view={data} />
          {holds(me, ['authoritySupervisor', 'orgAdmin']) && <Access id={id} />}
        </div>
      ) : (
        <Spin size="large" style={{ margin: 48 }} />
      )}
    </Page>
  );
}

/** A slider through time, from the first enrolment to today. */
function AsOf({ view, asOf }: { view: View; asOf: string | undefined }) {
  const t = useWords(studentsWords);
  const day = useDay();
  const navigate = route.useNavigate();
  // A dossier of an earlier day lacks later enrolments, never the first.
  const first = dayjs(view.enrolments.map(({ validFrom }) => validFrom).sort()[0] ?? today());
  const days = Math.max(dayjs(today()).diff(first, 'day'), 1);
  const [moved, setMoved] = useState<number>();
  const show = (to: string | undefined) => {
    setMoved(undefined);
    void navigate({ search: { asOf: to === today() ? undefined : to }, replace: true });
  };
  const at = moved ?? dayjs(asOf ?? today()).diff(first, 'day');
  return (
    <Panel title={t.asOf}>
      <div className="as-of">
        <Slider
          ariaLabelForHandle={t.asOfSlider}
          ariaValueTextFormatterForHandle={(value) => day(first.add(value ?? 0, 'day').format(DAY))}
          min={0}
          max={days}
          value={at}
          tooltip={{ formatter: (value) => day(first.add(value ?? 0, 'day').format(DAY)) }}
          onChange={setMoved}
          onChangeComplete={(value) => show(first.add(value, 'day').format(DAY))}
        />
        <DatePicker
          aria-label={t.asOf}
          allowClear={false}
          value={dayjs(asOf ?? today())}
          maxDate={dayjs(today())}
          onChange={(value) => show(value?.format(DAY))}
        />
        <Button onClick={() => show(undefined)}>{t.today}</Button>
      </div>
      <p role="status">{t.shownAsOf(day(view.asOf))}</p>
    </Panel>
  );
}

const PHOTOGRAPH = 'photograph';
const PERSON = ['name', 'sex', 'birthDate', 'documentType', 'documentNumber', 'studentNumber'] as const;
const STUDY = ['majorCode', 'majorDirection', 'grade', 'className', 'studyMode', 'lengthYears', 'enrolledOn', 'expectedLeavingOn'] as const;

function Shown({ view }: { view: View }) {
  const t = useWords(studentsWords);
  const day = useDay();
  const word = useManyCodes(['enrolment-states', 'change-kinds']);
  const caseText = useWords(caseWords);
  const { token } = theme.useToken();
  const photograph = view.facts.find(({ fact }) => fact === (PHOTOGRAPH as string))?.value;
  return (
    <>
      <Panel title={t.person}>
        {photograph && (
          <img src={`/api/v1/evidence/${photograph}/content?disposition=inline`} alt={caseText.photograph} width={96} height={128} />
        )}
        <dl className="facts">
          {PERSON.map((field) => (
            <Fact key={field} field={field} value={view[field]} />
          ))}
          {view.facts
            .filter(({ fact }) => fact !== (PHOTOGRAPH as string) && !PERSON.includes(fact as never))
            .map(({ fact, value }) => (
              <Fact key={fact} field={fact} value={value} />
            ))}
        </dl>
      </Panel>
      <Panel title={t.enrolments}>
        <ol className="years">
          {view.enrolments.map((one) => (
            <li key={`${one.id} ${one.validFrom}`} style={{ borderColor: one.validTo ? token.colorBorder : token.colorLink }}>
              <strong>{one.school.name}</strong>
              <div>
                {word('enrolment-states', one.state)}
                {GAP}
                <span className="figures">{t.until(day(one.validFrom), one.validTo ? day(one.validTo) : t.now)}</span>
              </div>
              <dl className="facts">
                {STUDY.map((field) => (
                  <Fact key={field} field={field} value={one[field]} />
                ))}
                <Fact field="suspendedUntil" value={one.suspendedUntil} />
              </dl>
            </li>
          ))}
        </ol>
      </Panel>
      <Changes view={view} />
      <Panel title={t.terms}>
        {view.terms.length === 0 && t.none2}
        <ul>
          {view.terms.map(({ term, school, how, late }) => (
            <li key={term + school.id}>
              <span className="figures">{term}</span>
              {GAP}
              {school.name}
              {GAP}
              {how === 'entry' ? t.entry : t.registered}
              {late && `（${t.late}）`}
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t.evidence}>
        {view.evidence.length === 0 && t.none2}
        <ul>
          {view.evidence.map(({ evidenceId, requestId, name, joinedAt }) => (
            <li key={evidenceId + requestId}>
              <a href={`/api/v1/evidence/${evidenceId}/content?disposition=inline`} target="_blank" rel="noopener">
                {name}
              </a>
              {GAP}
              {day(joinedAt)}
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

/** The requests about the student, and what was brought in from before. */
function Changes({ view }: { view: View }) {
  const t = useWords(studentsWords);
  const word = useManyCodes(['change-kinds', 'request-states']);
  const day = useDay();
  const { data } = useQuery({
    queryKey: ['requests', 'of', view.id],
    queryFn: ({ signal }) => told(api.GET('/api/v1/change-requests', { params: { query: { studentId: view.id, limit: 50 } }, signal })),
  });
  return (
    <Panel title={t.changes}>
      {data?.items.length === 0 && view.importedChanges.length === 0 && t.none2}
      <ul>
        {data?.items.map((one) => (
          <li key={one.id}>
            <Link to={'/requests/$id' as never} params={{ id: one.id } as never} className="figures">
              {one.number}
            </Link>
            {GAP}
            {[word('change-kinds', one.kind), word('request-states', one.state), day(one.filedAt)].join(GAP)}
          </li>
        ))}
      </ul>
      {view.importedChanges.length > 0 && (
        <>
          <h3 style={{ margin: '8px 0', fontSize: 14 }}>{t.imported}</h3>
          <ul>
            {view.importedChanges.map((one) => (
              <li key={one.kind + one.effectiveOn}>
                {[day(one.effectiveOn), word('change-kinds', one.kind), one.schoolBefore, one.reason].filter(Boolean).join(GAP)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

/** Who has read the dossier, asked for only when somebody wants to know. */
function Access({ id }: { id: string }) {
  const t = useWords(studentsWords);
  const office = useManyCodes(['offices']);
  const time = useTime();
  const [isShown, setShown] = useState(false);
  const list = useInfiniteQuery({
    queryKey: ['student', id, 'access'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      told(api.GET('/api/v1/students/{id}/access', { params: { path: { id }, query: pageParam ? { cursor: pageParam } : {} }, signal })),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    enabled: isShown,
  });
  const what = { ...t, dossier: t.dossierRead, evidence: t.evidenceRead };
  const rows = (list.data?.pages.flatMap(({ items }) => items) ?? []).map((one, nth) => ({ ...one, id: String(nth) }));
  return (
    <Panel title={t.access}>
      <p>{t.accessHelp}</p>
      {isShown ? (
        <Listed
          label={t.access}
          list={list}
          rows={rows}
          columns={[
            { name: t.when, cell: ({ at }) => <span className="figures">{time(at)}</span> },
            { name: t.who, cell: ({ person }) => person.displayName },
            {
              name: t.office,
              cell: ({ offices }) => offices.map((one) => `${one.organisation.name} ${office('offices', one.office)}`).join('；'),
            },
            { name: t.what, cell: (row) => what[row.what] },
          ]}
        />
      ) : (
        <Button onClick={() => setShown(true)}>{t.showAccess}</Button>
      )}
    </Panel>
  );
}
