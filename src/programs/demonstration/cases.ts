import { demoId } from '../../demo/demo-id.js';
import { pendingRegistrations } from '../../demo/registrations.js';
import { demoStudents, type DemoStudent } from '../../demo/students.js';
import { addDays, dateOf } from '../../domain/working-days.js';
import { appendFilings } from '../../requests/appending.js';
import type { FileRequest } from '../../requests/requests.dto.js';
import { played } from './moves.js';
import { paperIds } from './papers.js';
import { caseNow } from './process.js';
import { NotToday, type Stage } from './stage.js';
import { demoStories, type Story } from './stories.js';

/** So many students of a school are asked for whether a story can be theirs. */
const MOST_ASKED = 8;
/** The first students of a school are a visitor's: the examples of the documentation name them. */
const LEFT_ALONE = 40;

interface Told {
  readonly studentId: string;
  readonly number: string;
}

/** Files and plays the cases of the demonstration, the earliest first; their numbers. A story that the day forbids is left out. */
export async function seedCases(stage: Stage): Promise<string[]> {
  const known = demoStudents();
  const students = [...known, ...pendingRegistrations(known).map(({ student }) => student)];
  const subjects = new Map<string, string>();
  const taken = new Set<string>();
  const numbers: string[] = [];
  for (const [nth, story] of demoStories(known)
    .toSorted((a, b) => b.filed - a.filed)
    .entries()) {
    const told = await stage.part(() => tell(stage, story, nth, candidates(story, students, { taken, subjects })));
    if (!told) continue;
    taken.add(told.studentId);
    if (story.name) subjects.set(story.name, told.studentId);
    numbers.push(told.number);
  }
  return numbers;
}

async function tell(stage: Stage, story: Story, nth: number, asked: readonly DemoStudent[]): Promise<Told> {
  stage.clock.set(stage.workingDaysAgo(story.filed, nth % 12));
  const { requestId, ...told } = await fileStory(stage, story, asked);
  await played(stage, await caseNow(stage, requestId), story.moves);
  return told;
}

function candidates(
  { at, whom = ({ enrolment }) => enrolment.state === 'active', sameAs }: Story,
  students: readonly DemoStudent[],
  { taken, subjects }: { readonly taken: ReadonlySet<string>; readonly subjects: ReadonlyMap<string, string> },
): DemoStudent[] {
  if (sameAs) return students.filter(({ id }) => id === subjects.get(sameAs));
  const schoolId = demoId('organisation', at);
  const there = students.filter(({ enrolment }) => enrolment.schoolId === schoolId).slice(LEFT_ALONE);
  return there.filter((one) => whom(one) && !taken.has(one.id)).slice(0, MOST_ASKED);
}

async function fileStory(
  stage: Stage,
  { kind, at, reason, details, application }: Story,
  asked: readonly DemoStudent[],
): Promise<Told & { readonly requestId: string }> {
  const actor = stage.actor(`clerk.${at}`);
  const today = dateOf(stage.clock.now());
  for (const student of asked) {
    const body: FileRequest = {
      kind,
      studentId: student.id,
      reason,
      details: details(student, today),
      evidenceIds: paperIds(at),
      ...(application && { application: { by: application, on: addDays(today, -1) } }),
    };
    const gathered = await stage.filing.gather(stage.tx, actor, body);
    if (gathered.blockers.length > 0) continue;
    const [filed] = await appendFilings(stage.tx, stage.context, actor, [{ body, gathered }]);
    if (filed) return { requestId: filed.requestId, number: filed.number, studentId: student.id };
  }
  throw new NotToday(`${kind} at ${at}`);
}
