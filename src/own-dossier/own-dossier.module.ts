import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { CertificatesModule } from '../certificates/certificates.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { Objections } from './objections.service.js';
import { OwnDossierController } from './own-dossier.controller.js';
import { OwnDossier } from './own-dossier.service.js';
import { StudentsOfficeController } from './students-office.controller.js';
import { SignInCodes } from './sign-in-codes.service.js';
import { StudentSessionsController } from './student-sessions.controller.js';
import { StudentSessions } from './student-sessions.service.js';

/** 本人学籍: how students and guardians sign in, what they see of the own dossier, and what they object. */
@Module({
  imports: [AccessModule, CasesModule, CertificatesModule],
  controllers: [StudentsOfficeController, StudentSessionsController, OwnDossierController],
  providers: [SignInCodes, StudentSessions, OwnDossier, Objections],
})
export class OwnDossierModule {}
