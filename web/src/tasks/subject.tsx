import { theme, Typography } from 'antd';
import type { ReactNode } from 'react';
import type { Schemas } from '../ground/api';
import { Fact, FieldValue, useFieldName } from '../ground/case/fields';
import { useCodes } from '../ground/codes';
import { useDay, useTime } from '../ground/days';
import { useWords } from '../ground/language';
import { Panel } from '../ground/panel';
import { caseWords } from '../words/case';
import { Evidence } from '../ground/case/evidence';

type Subject = Schemas['SubjectView'];
type Side = Schemas['SubjectSide'];
type Request = Schemas['ChangeRequestDetail'];

/** What a change states that the enrolment has under another name. */
const NOW: Readonly<Record<string, string>> = { destinationSchoolId: 'school', until: 'suspendedUntil' };

/** Whom a task is about: what changes, old beside new; the evidence beside it; what is on record. */
export function SubjectOfTask({ subject, request }: { subject: Subject | undefined; request: Request | undefined }) {
  const t = useWords(caseWords);
  const time = useTime();
  const files = subject?.sides.flatMap(({ evidence }) => evidence) ?? request?.files ?? [];
  const heads = { A: t.sideA, B: t.sideB } as const;
  return (
    <>
      {request && (
        <Panel title={t.changes}>
          <Changes subject={subject} request={request} />
          {request.reason && (
            <p>
              <strong>{t.reason}</strong>：<span style={{ whiteSpace: 'pre-wrap' }}>{request.reason}</span>
            </p>
          )}
          <Typography.Text type="secondary">{t.filedBy(request.filer.name, time(request.filedAt))}</Typography.Text>
        </Panel>
      )}
      {subject?.batch && <Panel>{t.batch(subject.batch.name, subject.batch.rows)}</Panel>}
      {subject?.sides.map((side) => (
        <Panel key={side.student.id + String(side.side)} title={side.side ? heads[side.side] : t.student}>
          <Student side={side} />
        </Panel>
      ))}
      {files.length > 0 && (
        <Panel title={t.evidence}>
          <Evidence files={files} />
        </Panel>
      )}
    </>
  );
}

function Changes({ subject, request }: { subject: Subject | undefined; request: Request }) {
  const t = useWords(caseWords);
  const name = useFieldName();
  const { token } = theme.useToken();
  const correction = subject?.correction ?? request.correction;
  const enrolment = (subject?.sides[0]?.enrolment ?? {}) as Record<string, unknown>;
  const rows: { field: string; former: ReactNode; proposed: ReactNode }[] = correction?.values
    ? correction.values.map(({ field, former, proposed }) => ({
        field,
        former: <FieldValue field={field} value={former} />,
        proposed: <FieldValue field={field} value={proposed} />,
      }))
    : Object.entries(request.details).map(([field, value]) => {
        const was = enrolment[NOW[field] ?? field];
        return {
          field,
          former: field === 'destinationSchoolId' ? request.sourceSchool.name : <FieldValue field={NOW[field] ?? field} value={was} />,
          proposed:
            field === 'destinationSchoolId' && request.destinationSchool ? (
              request.destinationSchool.name
            ) : (
              <FieldValue field={field} value={value} />
            ),
        };
      });
  if (rows.length === 0) return <p>{t.noChange}</p>;
  return (
    <table className="old-new" style={{ borderColor: token.colorSplit }}>
      <thead>
        <tr>
          <th scope="col">{t.item}</th>
          <th scope="col">{t.now}</th>
          <th scope="col">{t.then}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ field, former, proposed }) => (
          <tr key={field}>
            <th scope="row" style={{ fontWeight: 400 }}>
              {name(field === 'destinationSchoolId' ? 'school' : field)}
            </th>
            <td style={{ color: token.colorTextSecondary }}>{former}</td>
            <td>
              <strong>{proposed}</strong>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const ENROLMENT = ['state', 'majorCode', 'grade', 'className', 'studyMode', 'lengthYears', 'enrolledOn', 'expectedLeavingOn'] as const;
const PERSON = ['name', 'sex', 'birthDate', 'documentType', 'documentNumber', 'studentNumber'] as const;

function Student({ side }: { side: Side }) {
  const t = useWords(caseWords);
  const kind = useCodes('change-kinds');
  const day = useDay();
  const { student, enrolment, facts, suspensions, changes } = side;
  return (
    <div className="student">
      {side.photograph && (
        <img src={`/api/v1/evidence/${side.photograph}/content?disposition=inline`} alt={t.photograph} width={96} height={128} />
      )}
      <dl className="facts">
        {PERSON.map((field) => (
          <Fact key={field} field={field} value={student[field]} />
        ))}
        {enrolment && <Fact field="school" value={enrolment.school.name} />}
        {enrolment && ENROLMENT.map((field) => <Fact key={field} field={field} value={enrolment[field]} />)}
        {facts.map(({ fact, value }) => (
          <Fact key={fact} field={fact} value={value} />
        ))}
      </dl>
      {suspensions.length > 0 && (
        <>
          <h3 className="part-head">{t.suspensions}</h3>
          <ul>
            {suspensions.map(({ from, until, endedOn, school }) => (
              <li key={from}>
                {t.until(day(from), endedOn ? day(endedOn) : until ? day(until) : t.open)}，{school.name}
              </li>
            ))}
          </ul>
        </>
      )}
      {changes.length > 0 && (
        <>
          <h3 className="part-head">{t.former}</h3>
          <ul>
            {changes.map((one) => (
              <li key={one.number}>
                <span className="figures">{one.number}</span> {kind(one.kind)} {one.effectiveOn && day(one.effectiveOn)}{' '}
                {one.undone && `（${t.undone}）`}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
