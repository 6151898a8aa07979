import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CaseContext } from '../../cases/case-context.js';
import { mustSeeRequest } from '../../cases/case-moves.js';
import { asAct, readCase, type LoadedCase } from '../../cases/cases.store.js';
import { majorsInForce } from '../../code-sets/catalogues.store.js';
import type { Act, Placement } from '../../domain/case/acts.js';
import { stepOf } from '../../domain/case/case.js';
import { factsOn, NUMBER_FACT } from '../../domain/dossier/personal-facts.js';
import { APPLICANT_WORDS, OFFICE_WORDS, REQUEST_STATE_WORDS } from '../../domain/messages/change-words.js';
import { ENROLMENT_STATE_WORDS } from '../../domain/messages/code-words.js';
import { handlingAt } from '../../domain/offices.js';
import { isFiled, isTransfer, type Kind } from '../../domain/procedure/procedure.js';
import { PROCEDURES, stepFor } from '../../domain/procedure/procedures.js';
import { dateOf } from '../../domain/working-days.js';
import { recordAccess } from '../../dossier/accesses.js';
import { correctionIn } from '../../dossier/correction-texts.js';
import { factWord } from '../../dossier/fact-words.js';
import { identityWith, presentIdentity, statementsOf } from '../../dossier/personal.store.js';
import { filesOf } from '../../evidence/files.js';
import type { ActorView } from '../../organisations/actors.dto.js';
import { actorsOf } from '../../organisations/actors.js';
import type { Caller } from '../../platform/access/caller.js';
import { Quotas } from '../../platform/access/quotas.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { beyond, inScope, type Transaction } from '../../platform/database/in-scope.js';
import { Problem } from '../../platform/http/problem.js';
import { inThread } from '../../platform/in-thread.js';
import { readTexts } from '../../platform/ledger/streams.js';
import { correctedStudyData, isPartyTo } from '../corrections.views.js';
import type { ChangeForm, ChangePaper, Signed, TransferLetter } from './change-form.js';
import { changeItems, type FiledChange, type FoundStudy } from './change-items.js';
import { citedRequest, filedRow, dossierKeepers, organisationNames, studyAt, studyMadeBy, type FiledRow } from './forms.store.js';

const SCRIPT = new URL('./change-form.thread.js', import.meta.url);
const BOUNDS = { milliseconds: 30_000, megabytes: 384 };

type Effected = Extract<Act, { kind: 'effected' }>;

/** A case about a student, with what its papers are made of. */
interface Paperwork {
  readonly loaded: LoadedCase;
  readonly acts: readonly Act[];
  readonly kind: Kind;
  readonly row: FiledRow;
  readonly study?: FoundStudy;
  readonly person: Readonly<Record<string, string>>;
  readonly placement?: Placement;
  readonly effected?: Effected;
  readonly majorName: (code: string) => string;
}

/** Papers of a change: the form 异动审批表 with boxes for seals, and of a transfer the letter 转学证明 (Art 3, R-02). Reads, on record. */
@Injectable()
export class ChangeForms {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly context: CaseContext,
    private readonly quotas: Quotas,
  ) {}

  /** @throws Problem not-found, not-your-office, daily-limit-reached */
  form(caller: Caller, id: string): Promise<Buffer> {
    return this.paper(caller, id, (tx, work) => this.formOf(tx, work));
  }

  /** @throws Problem not-found, not-your-office, transfer-not-in-effect, daily-limit-reached */
  letter(caller: Caller, id: string): Promise<Buffer> {
    return this.paper(caller, id, (_, work) => letterOf(work));
  }

  private async paper(
    caller: Caller,
    id: string,
    make: (tx: Transaction, work: Paperwork) => ChangePaper | Promise<ChangePaper>,
  ): Promise<Buffer> {
    const paper = await this.quotas.telling(caller, () =>
      inScope(this.db, caller, async (tx) => {
        await mustSeeRequest(tx, caller, id);
        const loaded = await readCase(tx, id);
        const { studentId } = loaded?.request ?? {};
        if (!loaded || !studentId || !isFiled(loaded.state.route.kind)) throw new Problem('not-found');
        await mustBeOf(tx, id, studentId, handlingAt(caller));
        await recordAccess(tx, 'dossier', studentId, { caller, now: this.clock.now(), quotas: this.quotas });
        return beyond(tx, 'subject', async () => make(tx, await this.paperwork(tx, loaded, loaded.state.route.kind as Kind, studentId)));
      }),
    );
    return Buffer.from(await inThread<Uint8Array>(SCRIPT, paper, BOUNDS));
  }

  private async paperwork(tx: Transaction, loaded: LoadedCase, kind: Kind, studentId: string): Promise<Paperwork> {
    const row = await filedRow(tx, loaded.request.id);
    const identity = await presentIdentity(tx, this.context.cipher, studentId);
    if (!row || !identity) throw new Problem('not-found');
    const held = factsOn(await statementsOf(tx, this.context.cipher, studentId), dateOf(row.filedAt.getTime()), row.filedAt.getTime());
    const stated = Object.fromEntries(held.map(({ fact, value }) => [fact, value]));
    const studentNumber = stated[NUMBER_FACT] ?? identity.studentNumber;
    const acts = loaded.acts.map(asAct);
    const majors = await majorsInForce(tx);
    const decided = acts.filter((act): act is Extract<Act, { kind: 'decided' }> => act.kind === 'decided' && act.verdict === 'approve');
    return {
      loaded,
      acts,
      kind,
      row,
      study: await studyAt(tx, studentId, row.filedAt),
      person: { ...stated, ...identityWith(identity, held), studentNumber },
      placement: decided.findLast(({ data }) => data?.placement)?.data?.placement,
      effected: acts.find((act): act is Effected => act.kind === 'effected'),
      majorName: (code) => majors.get(code)?.zh ?? code,
    };
  }

  private async formOf(tx: Transaction, work: Paperwork): Promise<ChangeForm> {
    const { loaded, acts, kind, row } = work;
    const { id, number, evidenceIds } = loaded.request;
    const texts = await readTexts(tx, this.context.cipher, id);
    const files = await filesOf(tx, this.context.cipher, evidenceIds);
    const actors = await actorsOf(tx, id);
    return {
      paper: 'form',
      kind: PROCEDURES[kind].title.zh,
      number,
      asOf: dateOf(loaded.acts.at(-1)?.at ?? row.filedAt.getTime()),
      student: studentPairs(work),
      items: changeItems(await this.filedChange(tx, work)),
      filing: filingPairs(work),
      reason: texts.get(1)?.reason ?? '',
      evidence: files.map(({ name }) => name),
      steps: await stepsOf(tx, work, actors, texts),
      paperCheck: paperCheck(acts, actors),
    };
  }

  private async filedChange(tx: Transaction, work: Paperwork): Promise<FiledChange> {
    const { loaded, acts, kind, row, study, placement, majorName } = work;
    const { details } = loaded.request as unknown as { details: Readonly<Record<string, unknown>> };
    const cited = kind === 'reinstatement' && typeof details.requestId === 'string' ? await citedRequest(tx, details.requestId) : undefined;
    return {
      kind,
      details,
      found: study,
      made: await studyMadeBy(tx, loaded.request.id),
      placement,
      sourceSchool: row.sourceSchool,
      destinationSchool: row.destinationSchool ?? undefined,
      corrected: await this.corrected(tx, loaded.request.id, acts),
      undone: cited && `${PROCEDURES[cited.kind].title.zh}（${cited.number}）`,
      majorName,
    };
  }

  /** Whole: the paper is filed with the dossier, and its readers compare it with the proof. */
  private async corrected(tx: Transaction, id: string, acts: readonly Act[]): Promise<FiledChange['corrected']> {
    const study = correctedStudyData(acts);
    if (study) return study.map(({ field, former, proposed }) => ({ field, former: former ?? '', proposed }));
    const { former, changes } = await correctionIn(tx, this.context.cipher, id);
    return Object.entries(changes).map(([field, proposed]) => ({
      field,
      former: (former as Readonly<Record<string, string | undefined>>)[field] ?? '',
      proposed,
    }));
  }
}

/** Who works or worked on the case, and whoever keeps the dossier now with the authority over it. @throws Problem not-your-office */
async function mustBeOf(tx: Transaction, id: string, studentId: string, organisations: readonly string[]): Promise<void> {
  if (await isPartyTo(tx, id, organisations)) return;
  const keepers = await beyond(tx, 'schoolHistory', () => dossierKeepers(tx, studentId));
  if (!keepers || !Object.values(keepers).some((one) => one !== null && organisations.includes(one as string)))
    throw new Problem('not-your-office');
}

function studentPairs({ person, study, majorName }: Paperwork): ChangeForm['student'] {
  const of = (fact: string) => factWord(fact, person[fact] ?? '');
  return [
    ['姓名', of('name')],
    ['性别', of('sex')],
    ['出生日期', of('birthDate')],
    ['民族', of('ethnicGroup')],
    ['证件类型', of('documentType')],
    ['证件号码', of('documentNumber')],
    ['学籍号', person.studentNumber ?? ''],
    ['入学日期', study?.enrolledOn ?? ''],
    ['学校', study?.school ?? ''],
    ['专业', study?.majorCode ? majorName(study.majorCode) : ''],
    ['年级班级', study ? [study.grade, study.className ?? ''].join(' ').trim() : ''],
    ['学习形式', study ? factWord('studyMode', study.studyMode) : ''],
    ['学籍状态', study ? (ENROLMENT_STATE_WORDS[study.state]?.zh ?? study.state) : ''],
    ['学制', study ? `${study.lengthYears} 年` : ''],
  ];
}

function filingPairs({ row, effected }: Paperwork): ChangeForm['filing'] {
  const { application, filer, filedAt, state } = row;
  return [
    // Where none was named, the school itself applied on the day (A21).
    ['申请人', APPLICANT_WORDS[application?.by ?? 'school']?.zh ?? ''],
    ['申请日期', application?.on ?? dateOf(filedAt.getTime())],
    ['发起单位', filer],
    ['发起日期', dateOf(filedAt.getTime())],
    ['办理状态', REQUEST_STATE_WORDS[state]?.zh ?? state],
    ['生效日期', effected?.effectiveOn ?? ''],
  ];
}

const signedBy = (actor: ActorView | undefined): string =>
  actor ? `${actor.displayName}　${OFFICE_WORDS[actor.office]?.zh ?? actor.office}` : '';

/** A place for each step of the route; what a step decided last, and still stands by, is in it. */
async function stepsOf(
  tx: Transaction,
  { loaded: { state }, acts, kind }: Paperwork,
  actors: ReadonlyMap<number, ActorView>,
  texts: ReadonlyMap<number, Readonly<Record<string, string>>>,
): Promise<Signed[]> {
  const { steps } = state.route;
  const names = await organisationNames(
    tx,
    steps.map(({ organisationId, onBehalfOf }) => onBehalfOf ?? organisationId),
  );
  return steps.map(({ id, organisationId, onBehalfOf }) => {
    const title = `${stepFor(kind, id)?.title.zh ?? id}：${names.get(onBehalfOf ?? organisationId) ?? ''}`;
    const { status } = stepOf(state, id);
    const last = acts.findLast((act): act is Extract<Act, { kind: 'decided' }> => act.kind === 'decided' && act.step === id);
    if (!last || !['approved', 'rejected'].includes(status)) return { title };
    const said = [status === 'approved' ? '同意。' : '不同意。', texts.get(last.seq)?.opinion ?? ''].join('');
    return { title, said, by: signedBy(actors.get(last.seq)), on: last.decidedOn };
  });
}

function paperCheck(acts: readonly Act[], actors: ReadonlyMap<number, ActorView>): Signed {
  const title = '纸质档案核对（第三条）：学籍电子档案和学籍纸质档案基本信息一致';
  const checked = acts.find((act): act is Extract<Act, { kind: 'paperChecked' }> => act.kind === 'paperChecked');
  if (!checked) return { title };
  return { title, said: '已核对。', by: signedBy(actors.get(checked.seq)), on: checked.on };
}

function letterOf({ kind, row, study, person, effected, majorName, loaded }: Paperwork): TransferLetter {
  if (!isTransfer(kind) || !effected) throw new Problem('transfer-not-in-effect');
  const of = (fact: string) => factWord(fact, person[fact] ?? '');
  const major = study?.majorCode ? `${majorName(study.majorCode)}专业` : '';
  return {
    paper: 'letter',
    number: loaded.request.number,
    name: of('name'),
    sex: of('sex'),
    birthDate: person.birthDate ?? '',
    document: `${of('documentType')}号码${of('documentNumber')}`,
    studentNumber: person.studentNumber ?? '',
    sourceSchool: row.sourceSchool,
    sourceAuthority: row.sourceAuthority ?? '',
    destinationSchool: row.destinationSchool ?? '',
    study: study
      ? `${major}（${study.grade}级，${of('studyMode') || factWord('studyMode', study.studyMode)}，学制 ${study.lengthYears} 年）`
      : '',
    enrolledOn: study?.enrolledOn ?? '',
    effectiveOn: effected.effectiveOn,
  };
}
