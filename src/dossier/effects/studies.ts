import { leavingOnWith } from '../../domain/dossier/grades.js';
import { correctedStudy, namedIn, replacedBy, type CorrectedStudy, type StudyData } from '../../domain/dossier/study-data.js';
import { monthsLater } from '../../domain/working-days.js';
import { isOverRegisteredTerm } from '../over-registered-term.js';
import { registeredElsewhere } from '../registered-elsewhere.js';
import { changeEnrolment, classAfter, classNamed, dayOf, placementOf, textIn, type Effect, type Subject } from '../effect.js';
import { STUDY_FACTS_OF } from '../study-facts.sql.js';

const years = (day: string, n: number): string => monthsLater(day, Math.round(n * 12));

async function majorOf({ tx, enrolment }: Subject): Promise<string | null> {
  const [row] = await tx.query<{ majorCode: string | null }[]>('select major_code as "majorCode" from enrolment where id = $1', [
    enrolment.id,
  ]);
  return row?.majorCode ?? null;
}

/** 留级: the student joins a later year of intake and leaves so many years later. */
export const repeatTheYear: Effect = async (subject) => {
  const { details } = subject.loaded.request;
  const { grade } = subject.enrolment;
  const next = textIn(details.grade) ?? String(Number(grade) + 1);
  const effectiveOn = dayOf(subject);
  await changeEnrolment(subject, {
    since: effectiveOn,
    grade: next,
    className: await classNamed(subject, textIn(details.className), { grade: next, majorCode: await majorOf(subject) }),
    expectedLeavingOn: leavingOnWith(next, subject.enrolment),
  });
  return { effectiveOn, body: { grade: { from: grade, to: next } } };
};

/** 转专业, within the school; the class of the former major is left. */
export const changeTheMajor: Effect = async (subject) => {
  const { details } = subject.loaded.request;
  const next = textIn(details.grade) ?? subject.enrolment.grade;
  const majorCode = textIn(details.majorCode) ?? null;
  const effectiveOn = dayOf(subject);
  await changeEnrolment(subject, {
    since: effectiveOn,
    majorCode,
    grade: next,
    className: await classNamed(subject, textIn(details.className), { grade: next, majorCode }),
    expectedLeavingOn: leavingOnWith(next, subject.enrolment),
  });
  return { effectiveOn, body: { majorCode } };
};

/** 转学习形式: another length of schooling moves the expected leaving day. */
export const changeTheStudyMode: Effect = async (subject) => {
  const { details } = subject.loaded.request;
  const effectiveOn = dayOf(subject);
  const length = typeof details.lengthYears === 'number' ? details.lengthYears : undefined;
  const [row]: { lengthYears: number }[] = await subject.tx.query(
    'select length_years::float as "lengthYears" from enrolment where id = $1',
    [subject.enrolment.id],
  );
  const longer = length === undefined || !row ? 0 : length - row.lengthYears;
  await changeEnrolment(subject, {
    since: effectiveOn,
    studyMode: textIn(details.studyMode),
    lengthYears: length,
    expectedLeavingOn: years(subject.enrolment.expectedLeavingOn, longer),
  });
  return { effectiveOn, body: { studyMode: details.studyMode } };
};

/** 学籍信息更正: what was entered wrongly is put right. Registered terms stay; a class is of one grade, so another grade leaves it. */
export const correctStudyData: Effect = async (subject) => {
  const { tx, enrolment, loaded } = subject;
  const corrected: CorrectedStudy = loaded.request.details;
  const [present] = await tx.query<(StudyData & { expectedLeavingOn: string })[]>(
    `select grade, to_char(enrolled_on, 'YYYY-MM-DD') as "enrolledOn", length_years::float as "lengthYears",
       major_direction as "majorDirection", ${STUDY_FACTS_OF('enrolment')},
       to_char(expected_leaving_on, 'YYYY-MM-DD') as "expectedLeavingOn"
     from enrolment where id = $1`,
    [enrolment.id],
  );
  if (!present) throw new Error(`no enrolment ${enrolment.id}`);
  const { grade, ...study } = correctedStudy(present, corrected);
  const effectiveOn = dayOf(subject);
  const className = await classAfter(subject, { grade });
  await changeEnrolment(subject, {
    since: effectiveOn,
    ...study,
    grade,
    className,
  });
  return { effectiveOn, body: { enrolment: enrolment.id, fields: namedIn(corrected), former: replacedBy(corrected, present) } };
};

/** 休学, until a day. */
export const suspend: Effect = async (subject) => {
  const { details } = subject.loaded.request;
  const effectiveOn = dayOf(subject);
  const until = textIn(details.until);
  if (await isOverRegisteredTerm(subject.tx, subject.enrolment.studentId, effectiveOn, until)) return { cause: 'over-registered-term' };
  await changeEnrolment(subject, { since: effectiveOn, state: subject.to, suspendedUntil: until ?? null });
  return { effectiveOn, body: { until: details.until, ground: details.ground } };
};

/** 复学, with the placement that the school gave; a later year of intake leaves later. The registry is asked again. */
export const resume: Effect = async (subject) => {
  const { tx, deps, enrolment } = subject;
  if (await registeredElsewhere(tx, deps.cipher, enrolment.studentId)) return { cause: 'registered-elsewhere' };
  const placement = placementOf(subject.loaded);
  const next = placement.grade ?? enrolment.grade;
  const effectiveOn = dayOf(subject);
  await changeEnrolment(subject, {
    since: effectiveOn,
    state: subject.to,
    suspendedUntil: null,
    grade: next,
    ...(placement.majorCode ? { majorCode: placement.majorCode } : {}),
    className: await classAfter(subject, placement),
    expectedLeavingOn: leavingOnWith(next, subject.enrolment),
  });
  return { effectiveOn, body: { grade: next } };
};
