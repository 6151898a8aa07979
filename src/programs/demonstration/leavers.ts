import { issueCertificate } from '../../certificates/issuing.js';
import { demoId } from '../../demo/demo-id.js';
import { SCHOOLS } from '../../demo/schools.js';
import { demoStudents, REFERENCE_YEAR, type DemoStudent } from '../../demo/students.js';
import { insertRows } from '../../platform/database/insert-rows.js';
import { keepPapers, type DemoFile } from './papers.js';
import { portraitOf } from './portraits.js';
import { NotToday, type Stage } from './stage.js';

const CERTIFIED_BY = { graduated: 'graduation', completed: 'completion' } as const;
const LEFT_ON = `${REFERENCE_YEAR}-06-30`;
/** Every other has no certificate yet: a visitor issues it. */
const hasOne = (nth: number): boolean => nth % 2 === 0;

const codeOf = new Map(SCHOOLS.map(({ code }) => [demoId('organisation', code), code]));
const photographId = ({ id }: DemoStudent): string => demoId('evidence', `photograph/${id}`);

/** Those who left last summer have a photograph in the dossier, and every other a certificate 毕业证书 or 结业证书. */
export async function seedLeavers(stage: Stage, dataDir: string, publicUrl: string): Promise<void> {
  if (stage.today < LEFT_ON) throw new NotToday('nobody has left yet');
  const leavers = demoStudents().filter(({ enrolment: { state, majorCode } }) => state in CERTIFIED_BY && majorCode !== null);
  await keepPapers(stage, dataDir, await Promise.all(leavers.map(pictureOf)), stage.present);
  await insertRows(
    stage.tx,
    'student_fact',
    leavers.map((student) => ({
      studentId: student.id,
      fact: 'photograph',
      validFrom: student.enrolment.enrolledOn,
      recordedAt: new Date(stage.present),
      valueCipher: stage.context.cipher.encrypt(photographId(student), `student_fact.photograph:${student.id}`),
    })),
  );
  const { clock, cipher } = stage.context;
  for (const { id: studentId, enrolment } of leavers.filter((_, nth) => hasOne(nth))) {
    const kind = CERTIFIED_BY[enrolment.state as keyof typeof CERTIFIED_BY];
    const clerk = stage.actor(`clerk.${codeOf.get(enrolment.schoolId) ?? ''}`);
    await stage.part(() => issueCertificate(stage.tx, { clock, cipher, publicUrl }, clerk, { kind, studentId }));
  }
}

const pictureOf = async (student: DemoStudent, nth: number): Promise<DemoFile> => ({
  id: photographId(student),
  name: '照片（演示）.jpg',
  type: 'image/jpeg',
  content: await portraitOf(2026 + nth),
  username: `clerk.${codeOf.get(student.enrolment.schoolId) ?? ''}`,
});
