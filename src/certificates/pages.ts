import type { Content, Document } from 'pdfmake';
import { CERTIFICATES, type CertificateSays } from '../domain/dossier/certificate.js';
import { hanDay } from '../domain/han-numerals.js';
import { instantOf } from '../domain/working-days.js';
import { printed, PRINTING_FONTS } from '../platform/printing.js';
import { frameOf } from './frame.js';
import { bodyOf, englishDay, titleOf, type Run } from './wording.js';

/** A4 across, in points. */
const [LONG, SHORT] = [841.89, 595.28];
const RED = '#9c1c20';
const INK = '#1f1b16';
const GREY = '#6f675b';

export interface CertificatePages {
  readonly says: CertificateSays;
  /** The content of the picture, and its media type. */
  readonly photograph?: { readonly content: Uint8Array; readonly type: string };
}

const inRuns = (runs: readonly Run[]) => runs.map(({ text, filled, whole }) => ({ text, bold: filled === true, noWrap: whole === true }));

/** A code that opens the public page with the number behind the `#`, which no server's log holds. */
const qr = ({ verifyAt, number }: CertificateSays, fit: number): Content => ({
  qr: `${verifyAt}#n=${number}`,
  fit,
  eccLevel: 'M',
  foreground: INK,
  background: '#fffdf7',
});

const at = (x: number, y: number) => ({ absolutePosition: { x, y } });

/** 35 × 49 millimetres. */
const [PICTURE_WIDTH, PICTURE_HEIGHT] = [99, 139];

function picture({ photograph }: CertificatePages, x: number, y: number): Content[] {
  if (!photograph) return [];
  const { content, type } = photograph;
  const image = `data:${type};base64,${Buffer.from(content).toString('base64')}`;
  return [{ image, width: PICTURE_WIDTH, height: PICTURE_HEIGHT, ...at(x, y) }];
}

/** A ring in which the seal is to be set. */
const SEAL_PLACE =
  `<svg xmlns="http://www.w3.org/2000/svg" width="112" height="112" viewBox="0 0 112 112"><circle cx="56" cy="56" r="54" fill="none" ` +
  `stroke="${RED}" stroke-width="0.6" stroke-dasharray="3 3" opacity="0.4"/></svg>`;

const label = (name: string, value: string): Content => ({
  text: [
    { text: `${name}　`, color: GREY },
    { text: value, color: INK },
  ],
  fontSize: 9.5,
});

/** Between the title and the seal, in points. */
const [BODY_WIDTH, BODY_HEIGHT] = [549, 216];
const SIZES = [19, 17.5, 16, 14.5, 13, 11.5, 10];
/** A line of the font with the space below it, for each point of its size. */
const LINE = 2.16;

/** The largest size in which the sentence fits; a Han character is as wide as it is high. */
function sizeOf(body: readonly Run[]): number {
  const widths = [...body.map(({ text }) => text).join('')].map((character) => (character < '\u2000' ? 0.6 : 1));
  const ems = widths.reduce((sum, width) => sum + width, 2);
  const fits = (size: number) => Math.ceil((ems * size) / (BODY_WIDTH - 2 * size)) * LINE * size <= BODY_HEIGHT;
  return SIZES.find(fits) ?? 9;
}

/** A certificate that is hung on a wall: A4 across, with a frame, the picture at the left and the sentence at the right. */
function sheet(pages: CertificatePages): Pick<Document, 'content' | 'background' | 'pageOrientation' | 'pageMargins'> {
  const { says } = pages;
  const body = bodyOf(says);
  const fontSize = sizeOf(body);
  return {
    pageOrientation: 'landscape',
    pageMargins: [72, 78, 78, 60],
    background: { svg: frameOf({ width: LONG, height: SHORT }) },
    content: [
      { ...spaced('中等职业学校', 10), fontSize: 18, color: RED },
      { ...spaced(titleOf(says), 24), fontSize: 46, bold: true, color: RED },
      ...picture(pages, 88, 196),
      { ...qr(says, 80), ...at(88, 424) },
      { stack: [label('证书编号', says.number), label('学籍号　', says.studentNumber), caption], ...at(186, 447) },
      { text: inRuns(body), fontSize, lineHeight: 1.5, leadingIndent: 2 * fontSize, margin: [142, 20, 0, 0] },
      { svg: SEAL_PLACE, ...at(584, 398) },
      { table: { widths: [SIGNED_WIDTH], body: [[{ stack: signatureOf(says) }]] }, layout: 'noBorders', ...at(504, 420) },
    ],
  };
}

const caption: Content = { text: '扫描左侧二维码，可核验本证书。', fontSize: 8.5, color: GREY, margin: [0, 4, 0, 0] };

/** Characters set apart; the margin makes up for the space behind the last one. */
const spaced = (text: string, characterSpacing: number) =>
  ({ text, characterSpacing, noWrap: true, alignment: 'center', margin: [characterSpacing, 0, 0, 0] }) as const;

const SIGNED_WIDTH = 268;
/** A long name takes two lines or three. */
const nameSize = ({ length }: string): number => (length <= 14 ? 19 : length <= 18 ? 14.5 : 13);

/** School, head and day, in the middle of the seal. */
function signatureOf({ kind, issuer, head, issuedOn }: CertificateSays): Content[] {
  const signed = CERTIFICATES[kind].issuedBy === 'school' && head !== undefined;
  return [
    { text: issuer.name, fontSize: nameSize(issuer.name), bold: true, alignment: 'center' },
    ...(signed ? [{ text: `校长　${head}`, fontSize: 15, alignment: 'center' as const, margin: [0, 4, 0, 0] }] : []),
    { text: hanDay(issuedOn), fontSize: 15, alignment: 'center', margin: [0, 4, 0, 0] },
  ];
}

/** A letter: A4 upright. */
function letter(pages: CertificatePages): Pick<Document, 'content' | 'pageOrientation' | 'pageMargins'> {
  const { says } = pages;
  const english = says.language === 'en';
  return {
    pageOrientation: 'portrait',
    pageMargins: [84, 100, 84, 72],
    content: [
      { ...spaced(titleOf(says), english ? 0 : 14), fontSize: english ? 24 : 30, bold: true },
      { text: inRuns(bodyOf(says)), fontSize: 14.5, lineHeight: 1.5, leadingIndent: english ? 0 : 29, margin: [0, 36, 0, 0] },
      ...picture(pages, 84, 520),
      {
        stack: [
          { text: says.issuer.name, fontSize: 15, bold: true, alignment: 'right' },
          { text: english ? englishDay(says.issuedOn) : hanDay(says.issuedOn), fontSize: 14, alignment: 'right', margin: [0, 8, 0, 0] },
          { text: english ? '(Seal)' : '（盖章）', fontSize: 10, color: GREY, alignment: 'right', margin: [0, 8, 0, 0] },
        ],
        margin: [0, 60, 0, 0],
      },
      { ...qr(says, 74), ...at(84, 690) },
      { stack: [label(english ? 'No.' : '编号', says.number), label(english ? 'Verify at' : '核验', says.verifyAt)], ...at(170, 730) },
    ],
  };
}

/** The pages of a certificate. They are made of what it says and its picture alone, so they are the same bytes at any time. */
export function pagesOfCertificate(pages: CertificatePages): Promise<Buffer> {
  const { says } = pages;
  return printed({
    pageSize: 'A4',
    ...(CERTIFICATES[says.kind].whole ? sheet(pages) : letter(pages)),
    defaultStyle: { font: PRINTING_FONTS.serif, fontSize: 12, color: INK },
    info: {
      title: `${titleOf(says)} ${says.number}`,
      author: says.issuer.name,
      creator: 'xueji',
      producer: 'xueji',
      creationDate: new Date(instantOf(says.issuedOn)),
    },
  });
}
