import ExcelJS from 'exceljs';
import type { Table } from './table.js';

/** A table as a workbook of one page, whose first line stays in sight. */
export async function tableWorkbookOf({ title, headings, rows }: Table): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const page = book.addWorksheet(title.replace(/[[\]*?:/\\]/g, ' ').slice(0, 31), { views: [{ state: 'frozen', ySplit: 1 }] });
  page.columns = headings.map((header) => ({ header, width: Math.max(12, header.length * 2 + 2) }));
  page.getRow(1).font = { bold: true };
  page.addRows(rows.map((row) => [...row]));
  return Buffer.from(await book.xlsx.writeBuffer());
}
