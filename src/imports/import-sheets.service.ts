import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { ImportKind } from '../domain/dossier/imported.js';
import { ownAuthority } from '../organisations/own-organisation.js';
import type { Caller } from '../platform/access/caller.js';
import type { KeyedRequest } from '../platform/access/idempotency.js';
import { inScope } from '../platform/database/in-scope.js';
import { ROSTER_SIZE } from '../rosters/roster-columns.js';
import { marksOf, sheetFaultsOf } from '../rosters/sheet-faults.js';
import type { Column, ReadSheet } from '../sheets/column.js';
import { markedCopyOf, sheetOf } from '../sheets/sheet.js';
import { importColumns } from './import-columns.js';
import type { CheckedImport, CheckedImportSheet, ImportOptions } from './imports.dto.js';
import { Imports, type GivenRow } from './imports.service.js';

/** The line of the first row below the header. */
const FIRST = 2;

const TITLES: Readonly<Record<ImportKind, string>> = {
  students: '在籍学生',
  graduates: '毕业生',
  changes: '以往异动',
  certificates: '已颁发的证书',
};

/** Lists to import as sheets: a row of a sheet is read and judged as a row of a call is. */
@Injectable()
export class ImportSheets {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly imports: Imports,
  ) {}

  async template(caller: Caller, kind: ImportKind, authorityId?: string): Promise<Buffer> {
    const columns = await this.columns(caller, { kind, authorityId });
    const { templateOf } = await import('../sheets/sheet-template.js');
    return templateOf(TITLES[kind], columns, ROSTER_SIZE);
  }

  async handIn(caller: Caller, keyed: KeyedRequest, file: Buffer, options: ImportOptions): Promise<CheckedImportSheet> {
    const { sheet, given } = await this.read(caller, file, options);
    return inSheet(await this.imports.handIn(caller, keyed, options, given), sheet);
  }

  /** A copy with its faults marked, what is held too. */
  async marked(caller: Caller, file: Buffer, options: ImportOptions): Promise<Buffer> {
    const { sheet, given, columns } = await this.read(caller, file, options);
    const { faults, held } = inSheet(await this.imports.check(caller, options, given), sheet);
    return markedCopyOf(file, columns, ROSTER_SIZE, marksOf([...faults, ...held]));
  }

  private async read(
    caller: Caller,
    file: Buffer,
    options: ImportOptions,
  ): Promise<{ sheet: ReadSheet; columns: Column[]; given: GivenRow[] }> {
    const columns = await this.columns(caller, options);
    const sheet = await sheetOf(file, columns, ROSTER_SIZE);
    const given = sheet.rows.flatMap((says, i) => (Object.keys(says).length === 0 ? [] : [{ row: i + FIRST, says }]));
    return { sheet, columns, given };
  }

  private columns(caller: Caller, { kind, authorityId: named }: Pick<ImportOptions, 'kind' | 'authorityId'>): Promise<Column[]> {
    const authorityId = ownAuthority(caller, named);
    return inScope(this.db, caller, (tx) => importColumns(tx, kind, authorityId));
  }
}

const inSheet = ({ held, faulty, ...checked }: CheckedImport, { places }: ReadSheet): CheckedImportSheet => ({
  ...checked,
  held: sheetFaultsOf(held, places),
  faults: sheetFaultsOf(faulty, places),
});
