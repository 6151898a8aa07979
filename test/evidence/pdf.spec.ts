import { deflateSync } from 'node:zlib';
import { pdfOf, pdfSaying } from '../fixtures/a-pdf.js';
import { inThread } from '../../src/platform/in-thread.js';
import type { JudgedPdf, PdfFault } from '../../src/evidence/pdf.js';

const script = new URL('../../src/evidence/pdf.thread.js', import.meta.url);
const judged = (file: string | Buffer): Promise<JudgedPdf> =>
  inThread(script, { file: Buffer.from(file as string, 'latin1'), mostPixels: 1_000_000 }, { milliseconds: 60_000, megabytes: 256 });

async function fault(file: string | Buffer): Promise<PdfFault | undefined> {
  const found = await judged(file);
  return 'fault' in found ? found.fault : undefined;
}

/** Objects in a packed stream, as most programs write them; the first has the number 5. */
function packed(...objects: string[]): string {
  const places = objects.map((_, nth) => `${5 + nth} ${objects.slice(0, nth).join(' ').length + (nth > 0 ? 1 : 0)}`).join(' ');
  const content = deflateSync(Buffer.from(`${places}\n${objects.join(' ')}`, 'latin1')).toString('latin1');
  const head = `/Type /ObjStm /N ${objects.length} /First ${places.length + 1} /Filter /FlateDecode /Length ${content.length}`;
  return `<< ${head} >>\nstream\n${content}\nendstream`;
}
const stream = (head: string, content: string): string => `<< ${head} /Length ${content.length} >>\nstream\n${content}\nendstream`;
const JS = '/S /JavaScript /JS (app.alert\\(1\\))';

describe('a PDF', () => {
  it.each([
    ['a page', pdfOf()],
    ['words behind its end', pdfSaying('more')],
    ['a place that it opens at', pdfOf({ catalog: '/OpenAction [3 0 R /FitH 842]' })],
    ['an action that goes to that place', pdfOf({ catalog: '/OpenAction << /S /GoTo /D [3 0 R /Fit] >>' })],
    ['an address of the web', pdfOf({ page: '/Annots [<< /Subtype /Link /A << /S /URI /URI (https://school.example) >> >>]' })],
    ['a form', pdfOf({ catalog: '/AcroForm << /Fields [] >>' })],
    ['a signature', pdfOf({ catalog: '/AcroForm << /SigFlags 3 /Fields [<< /FT /Sig /V << /Type /Sig /Contents <00> >> >>] >>' })],
    ['a picture', pdfOf({ more: [stream('/Type /XObject /Subtype /Image /Width 1000 /Height 1000', 'x')] })],
    ['packed objects', pdfOf({ more: [packed('<< /Title (x) >>')] })],
  ])('with %s is taken', async (_what, file) => {
    expect(await judged(file)).toEqual({ pages: 1 });
  });

  it.each([
    ['a script that opens with it', pdfOf({ catalog: `/OpenAction << ${JS} >>` })],
    ['a script in its names', pdfOf({ catalog: `/Names << /JavaScript << /Names [(a) << ${JS} >>] >> >>` })],
    ['a script whose name is written otherwise', pdfOf({ catalog: '/OpenAction << /S /J#61vaScript /J#53 (1) >>' })],
    ['a script in a packed object', pdfOf({ catalog: '/OpenAction 5 0 R', more: [packed(`<< ${JS} >>`)] })],
    [
      'a script in an object that a later one hides',
      pdfOf({ more: [`<< /A << /JS (1) >> >>`], end: '>>\n4 0 obj\n<< >>\nendobj\ntrailer\n<< /Root 1 0 R' }),
    ],
    ['a script where only its bytes show it', pdfOf({ more: [stream('', `9 0 obj << ${JS} >> endobj`)] })],
    ['something to do when a page is shown', pdfOf({ page: '/AA << /O << /S /Named /N /Print >> >>' })],
    ['something other than a place to open with', pdfOf({ catalog: '/OpenAction << /S /Named /N /Print >>' })],
    ['a program to start', pdfOf({ page: '/Annots [<< /Subtype /Link /A << /S /Launch /F (cmd.exe) >> >>]' })],
    ['a form that is sent away', pdfOf({ page: '/Annots [<< /Subtype /Widget /A << /S /SubmitForm /F (http://x) >> >>]' })],
    ['files within', pdfOf({ catalog: '/Names << /EmbeddedFiles << /Names [] >> >>' })],
    ['a file at a page', pdfOf({ page: '/Annots [<< /Subtype /FileAttachment >>]' })],
    ['a form of another kind', pdfOf({ catalog: '/AcroForm << /XFA [] >>' })],
    ['something to play', pdfOf({ page: '/Annots [<< /Subtype /RichMedia >>]' })],
  ])('with %s is active', async (_what, file) => {
    expect(await fault(file)).toMatchObject({ code: 'pdf-active', what: expect.any(String) as string });
  });

  it.each([
    ['nothing but its first bytes', '%PDF-'],
    ['no object', '%PDF-1.7\nthis is none'],
    ['no page', '%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF'],
    ['pages that hold themselves', pdfOf().replace('/Kids [3 0 R] /Count 1', '/Kids [2 0 R] /Count 1')],
    ['lists in lists without end', pdfOf({ catalog: '/X ' + '['.repeat(200_000) })],
    ['an object that is none', pdfOf({ catalog: '/X <<<<' })],
    ['a packed object of gigabytes', pdfOf({ more: [packed(' '.repeat(200_000_000))] })],
  ])('with %s is not read', async (_what, file) => {
    expect(await fault(file)).toMatchObject({ code: 'pdf-unreadable' });
  });

  it('that is encrypted is known as such, and one with a picture that nobody can open', async () => {
    expect(await fault(pdfOf({ more: ['<< /Filter /Standard /V 1 /R 2 >>'], end: '/Encrypt 4 0 R' }))).toEqual({ code: 'pdf-encrypted' });
    const picture = stream('/Type /XObject /Subtype /Image /Width 100000 /Height 100000', 'x');
    expect(await fault(pdfOf({ more: [picture] }))).toEqual({ code: 'image-too-large' });
  });
});
