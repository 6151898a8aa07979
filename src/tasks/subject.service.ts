import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { Quotas } from '../platform/access/quotas.js';
import { isoInShanghai } from '../platform/clock.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { CaseContext } from '../cases/case-context.js';
import { batchIdOf, countRows } from '../cases/batches.js';
import { openTask } from '../cases/case-moves.js';
import { studentOf } from '../cases/read-model.js';
import { asAct, readCase, type LoadedCase } from '../cases/cases.store.js';
import { returnedRows } from '../domain/case/returned-rows.js';
import { isBatch } from '../domain/procedure/procedure.js';
import { subjectReader, type SubjectReader } from '../domain/case/subject-readers.js';
import { maskDocument, maskStudentNumber } from '../domain/dossier/id-document.js';
import { recordAccess } from '../dossier/accesses.js';
import { CONTACT_FACTS, maskedFact } from '../domain/dossier/personal-facts.js';
import type { FactView } from '../students/students.dto.js';
import { furtherFactsOf, presentIdentity } from '../dossier/personal.store.js';
import { filesOf } from '../evidence/files.js';
import { correctedStudyData, correctionMarks, correctedValues } from '../requests/corrections.views.js';
import { proofsOf, withItems } from '../requests/proofs.js';
import type { CaseFileView } from '../requests/request-views.dto.js';
import { FAR_AHEAD } from '../students/reach.js';
import { registeredTerms } from '../students/registered-terms.js';
import type { SubjectBatch, SubjectCorrection, SubjectSide, SubjectStudent, SubjectView } from './subject.dto.js';
import { changesOf, assertionsOf, enrolmentsOf, sidesOf, suspensionsOf } from './subject.store.js';
import { Tasks } from './tasks.service.js';

/** The item of a policy's list of evidence that is the student's photograph 照片. */
const PHOTOGRAPH = 'photograph';

const EVER = { day: FAR_AHEAD, recordedBy: Infinity, handles: false };

type Side = Pick<SubjectSide, 'side' | 'evidence' | 'assertions'> & { readonly studentId: string };

/** 办理对象: whom an open task is about, for whoever decides, advises or supervises, at whichever school the student is. On record. */
@Injectable()
export class Subjects {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly context: CaseContext,
    private readonly quotas: Quotas,
    private readonly tasks: Tasks,
  ) {}

  /** @throws Problem not-found, already-decided, not-your-task; DailyLimitReached */
  show(caller: Caller, taskId: string): Promise<SubjectView> {
    return this.quotas.telling(caller, () =>
      inScope(this.db, caller, async (tx) => {
        const requestId = await this.tasks.requestOf(tx, caller, taskId);
        const loaded = await readCase(tx, requestId);
        if (!loaded) throw new Problem('not-found');
        const as = subjectReader(loaded.state, openTask(loaded.state, taskId), caller);
        if (!as) throw new Problem('not-your-task');
        return beyond(tx, 'subject', () => this.read(tx, caller, loaded, { taskId, as }));
      }),
    );
  }

  private async read(
    tx: Transaction,
    caller: Caller,
    loaded: LoadedCase,
    { taskId, as }: { taskId: string; as: SubjectReader },
  ): Promise<SubjectView> {
    const { id: requestId, number, kind } = loaded.request;
    const sides: SubjectSide[] = [];
    for (const one of isBatch(kind) ? [] : await this.sides(tx, loaded)) {
      await recordAccess(tx, 'subject', one.studentId, { caller, now: this.context.clock.now(), quotas: this.quotas });
      sides.push(await this.side(tx, requestId, one));
    }
    return {
      taskId,
      requestId,
      number,
      kind,
      as,
      sides,
      correction: await this.correction(tx, loaded, as),
      batch: await batchOf(tx, loaded),
    };
  }

  private async sides(tx: Transaction, loaded: LoadedCase): Promise<Side[]> {
    const { id, evidenceIds } = loaded.request;
    const [ruled] = await sidesOf(tx, id);
    if (!ruled)
      return [{ side: null, studentId: studentOf(loaded.request), assertions: [], evidence: await this.files(tx, loaded, evidenceIds) }];
    return [
      await this.sideOfRuling(tx, 'A', ruled.a, ruled.registrationId),
      await this.sideOfRuling(tx, 'B', ruled.b, ruled.registrationId),
    ];
  }

  private async sideOfRuling(tx: Transaction, side: 'A' | 'B', studentId: string, registrationId: string): Promise<Side> {
    const assertions = await assertionsOf(tx, studentId, registrationId);
    const evidence: CaseFileView[] = [];
    for (const { requestId, evidenceIds } of assertions) {
      const loaded = await readCase(tx, requestId);
      if (loaded) evidence.push(...(await this.files(tx, loaded, evidenceIds)));
    }
    return {
      side,
      studentId,
      evidence,
      assertions: assertions.map(({ evidenceIds: _, filedAt, ...one }) => ({ ...one, filedAt: isoInShanghai(filedAt.getTime()) })),
    };
  }

  private async files(tx: Transaction, { state, acts }: LoadedCase, ids: readonly string[]): Promise<CaseFileView[]> {
    return withItems(await filesOf(tx, this.context.cipher, ids), await proofsOf(tx, state.route, acts));
  }

  private async side(tx: Transaction, requestId: string, { studentId, ...one }: Side): Promise<SubjectSide> {
    const enrolments = await enrolmentsOf(tx, studentId);
    const changes = await changesOf(tx, studentId, requestId);
    const photograph = one.evidence.findLast(
      ({ type, items }) => type.startsWith('image/') && items.some(({ item }) => item === PHOTOGRAPH),
    );
    return {
      ...one,
      student: await this.student(tx, studentId),
      facts: await this.facts(tx, studentId),
      enrolment: enrolments[0] ?? null,
      enrolments,
      terms: await registeredTerms(tx, studentId, EVER, enrolments),
      suspensions: await suspensionsOf(tx, studentId),
      changes: changes.map((change) => ({ ...change, filedAt: isoInShanghai(change.filedAt.getTime()) })),
      photograph: photograph?.id ?? null,
    };
  }

  private async facts(tx: Transaction, id: string): Promise<FactView[]> {
    const held = await furtherFactsOf(tx, this.context.cipher, id);
    const shown = held.filter(({ fact }) => !(CONTACT_FACTS as readonly string[]).includes(fact));
    return shown.map(({ fact, value, validFrom, validTo }) => ({ fact, value: maskedFact(fact, value), validFrom, validTo }));
  }

  private async student(tx: Transaction, id: string): Promise<SubjectStudent> {
    const identity = await presentIdentity(tx, this.context.cipher, id);
    if (!identity) throw new Error('a case is about a student');
    const { name, sex, birthDate, documentType, documentNumber, studentNumber } = identity;
    return {
      id,
      name,
      sex,
      birthDate,
      documentType,
      documentNumber: maskDocument(documentNumber),
      studentNumber: maskStudentNumber(studentNumber),
    };
  }

  private async correction(tx: Transaction, { request, acts }: LoadedCase, as: SubjectReader): Promise<SubjectCorrection | null> {
    const told = acts.map(asAct);
    const marks = correctionMarks(told);
    return (
      marks && {
        ...marks,
        values: correctedStudyData(told) ?? (await correctedValues(tx, this.context.cipher, request.id, as === 'decides')),
      }
    );
  }
}

/** What people call the batch of a case, and how many rows it has. */
async function batchOf(tx: Transaction, { request, state, acts }: LoadedCase): Promise<SubjectBatch | null> {
  if (!isBatch(request.kind)) return null;
  return {
    kind: request.kind,
    id: batchIdOf(request),
    name: state.route.batch ?? '',
    rows: await countRows(tx, request),
    returned: returnedRows(acts.map(asAct)).length,
  };
}
