import { Body, Controller, Get, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Prints } from '../certificates/prints.service.js';
import { StudentNow, type StudentCaller } from '../platform/access/caller.js';
import { ForStudent } from '../platform/access/may-call.js';
import { Objections } from './objections.service.js';
import { ObjectionNoted, OwnDossierView, OwnObjection, OwnQueriesQuery, OwnQueryPage } from './own-dossier.dto.js';
import { OwnDossier } from './own-dossier.service.js';

const PDF = 'application/pdf';

@ApiTags('own dossier')
@ApiBearerAuth()
@ForStudent()
@Controller('own-dossier')
export class OwnDossierController {
  constructor(
    private readonly dossier: OwnDossier,
    private readonly objections: Objections,
    private readonly prints: Prints,
  ) {}

  /** Shows the own dossier, open requests with step, holder and due date, who has read of it, and the own verification codes (Art 23). */
  @Get()
  show(@StudentNow() student: StudentCaller): Promise<OwnDossierView> {
    return this.dossier.show(student);
  }

  /** Lists each query made about the student: reads by offices, and verifications by the public. */
  @Get('queries')
  queries(@StudentNow() student: StudentCaller, @Query() query: OwnQueriesQuery): Promise<OwnQueryPage> {
    return this.dossier.queries(student, query);
  }

  /** Downloads an own certificate in force as PDF: the same bytes that the school prints. */
  @Get('certificates/:number/pdf')
  @ApiOkResponse({ content: { [PDF]: { schema: { type: 'string', format: 'binary' } } } })
  async certificate(@StudentNow() student: StudentCaller, @Param('number') asked: string): Promise<StreamableFile> {
    const { number, pdf } = await this.prints.ownPdf(student, asked);
    return new StreamableFile(pdf, { type: PDF, length: pdf.length, disposition: `attachment; filename="${number}.pdf"` });
  }

  /** 异议: objects to an open request, at whose tasks it stands, or to the dossier. School and authority are told (A21). */
  @Post('objections')
  object(@StudentNow() student: StudentCaller, @Body() body: OwnObjection): Promise<ObjectionNoted> {
    return this.objections.note(student, body);
  }
}
