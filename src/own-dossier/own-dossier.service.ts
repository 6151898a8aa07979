import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { maskDocument, maskStudentNumber } from '../domain/dossier/id-document.js';
import { factsOn, isIdentityFact, NUMBER_FACT } from '../domain/dossier/personal-facts.js';
import { presentIdentity, statementsOf } from '../dossier/personal.store.js';
import type { StudentCaller } from '../platform/access/caller.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import type { ChangeRequestView } from '../requests/request-views.dto.js';
import { requestsAbout } from '../requests/requests.views.js';
import { FAR_AHEAD } from '../students/reach.js';
import { registeredTerms } from '../students/registered-terms.js';
import { verificationCodesOf } from '../verifications/verification-codes.service.js';
import { objectionsOf } from './objections.store.js';
import type { FactView } from '../students/students.dto.js';
import type { OwnChangeView, OwnDossierView, OwnQueriesQuery, OwnQueryPage, OwnQueryView } from './own-dossier.dto.js';
import { ownCertificates, ownEnrolments, queriesAbout, type QueryRow } from './own-dossier.store.js';

const LATEST_QUERIES = 20;
/** Everything is the student's own. */
const ALL = { day: FAR_AHEAD, recordedBy: Infinity, handles: false };

/** What the dossier says, for whom it is about. Statements name the student of the session, and row-level security asks again. */
@Injectable()
export class OwnDossier {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly cursors: Cursors,
  ) {}

  show({ studentId, holder }: StudentCaller): Promise<OwnDossierView> {
    return inScope(this.db, { studentId }, async (tx) => {
      const identity = await presentIdentity(tx, this.cipher, studentId);
      if (!identity) throw new Problem('not-found');
      const enrolments = await ownEnrolments(tx, studentId);
      const terms = await registeredTerms(tx, studentId, ALL, enrolments);
      const changes = await requestsAbout(tx, studentId, this.clock.now());
      const { name, sex, birthDate, documentType } = identity;
      return {
        holder,
        name,
        studentNumber: maskStudentNumber(identity.studentNumber),
        documentType,
        documentNumber: maskDocument(identity.documentNumber),
        sex,
        birthDate,
        facts: await this.facts(tx, studentId),
        enrolments,
        terms: terms.map(({ by: _by, ...term }) => term),
        changes: changes.map(ownChange),
        certificates: await ownCertificates(tx, studentId),
        objections: await objectionsOf(tx, this.cipher, studentId),
        verificationCodes: await verificationCodesOf(tx, studentId),
        queries: (await queriesAbout(tx, studentId, { limit: LATEST_QUERIES })).map(queryView),
      };
    });
  }

  queries({ studentId }: StudentCaller, { cursor, limit }: OwnQueriesQuery): Promise<OwnQueryPage> {
    const list = `queries about ${studentId}`;
    const [before, place] = this.cursors.read(list, cursor) ?? [];
    return inScope(this.db, { studentId }, async (tx) => {
      const rows = await queriesAbout(tx, studentId, { before, place, limit: limit + 1 });
      const page = this.cursors.page(list, rows, limit, (row) => [row.at.toISOString(), row.place]);
      return { ...page, items: page.items.map(queryView) };
    });
  }

  private async facts(tx: Transaction, studentId: string): Promise<FactView[]> {
    return factsOn(await statementsOf(tx, this.cipher, studentId), FAR_AHEAD)
      .filter(({ fact }) => !isIdentityFact(fact) && fact !== NUMBER_FACT)
      .map(({ fact, value, validFrom, validTo }) => ({ fact, value, validFrom, validTo }));
  }
}

const ownChange = ({ id, number, kind, state, filedAt, closedAt, currentTasks }: ChangeRequestView): OwnChangeView => ({
  id,
  number,
  kind,
  state,
  filedAt,
  closedAt,
  openTasks: currentTasks.map(({ step, holder, dueDate, overdue }) => ({ step, holder, dueDate, overdue })),
});

const queryView = ({ place: _place, at, ...row }: QueryRow): OwnQueryView => ({ at: isoInShanghai(at.getTime()), ...row });
