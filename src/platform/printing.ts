import { createRequire } from 'node:module';
import path from 'node:path';
import { openSync } from 'fontkit';
import pdfmake, { type Document } from 'pdfmake';

const { resolve } = createRequire(import.meta.url);
const SANS = path.dirname(resolve('@expo-google-fonts/noto-sans-sc/package.json'));
const SERIF = path.dirname(resolve('@expo-google-fonts/noto-serif-sc/package.json'));

/** 黑体 for tables, 宋体 for certificates. */
export const PRINTING_FONTS = { sans: 'NotoSansSC', serif: 'NotoSerifSC' } as const;
type PrintingFont = keyof typeof PRINTING_FONTS;

const FILES: Readonly<Record<PrintingFont, { readonly normal: string; readonly bold: string }>> = {
  sans: { normal: path.join(SANS, '400Regular/NotoSansSC_400Regular.ttf'), bold: path.join(SANS, '700Bold/NotoSansSC_700Bold.ttf') },
  serif: { normal: path.join(SERIF, '400Regular/NotoSerifSC_400Regular.ttf'), bold: path.join(SERIF, '700Bold/NotoSerifSC_700Bold.ttf') },
};
const READ: ReadonlySet<string> = new Set(Object.values(FILES).flatMap(({ normal, bold }) => [normal, bold]));

pdfmake.setFonts({ [PRINTING_FONTS.sans]: FILES.sans, [PRINTING_FONTS.serif]: FILES.serif });
// Pages are made of what the database says: nothing is fetched, and of files only the fonts are read.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((file) => READ.has(file));

const loaded = new Map<PrintingFont, ReturnType<typeof openSync>>();
function fontOf(font: PrintingFont): ReturnType<typeof openSync> {
  const known = loaded.get(font) ?? openSync(FILES[font].normal);
  loaded.set(font, known);
  return known;
}

/** Whether a character would print, and not as an empty box. Both weights of a font have the same characters. */
const prints = (font: PrintingFont, character: string): boolean => fontOf(font).hasGlyphForCodePoint(character.codePointAt(0) ?? 0);

/** How a character is named that cannot be printed, such as `U+20BB7`. */
const codePointOf = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** The characters of a text without a glyph, each once, by their code points. */
export const unprintableIn = (font: PrintingFont, text: string): string[] =>
  [...new Set(text)].filter((character) => !prints(font, character)).map(codePointOf);

/** The usual mark for a character that the font has not, itself in every Chinese font. */
export const UNPRINTABLE = '〓';

/** Replaces what would print as an empty box, and tells of it. */
export const markedUnprintable = (font: PrintingFont, text: string, missing: Set<string>): string =>
  [...text]
    .map((character) => {
      if (prints(font, character)) return character;
      missing.add(codePointOf(character));
      return UNPRINTABLE;
    })
    .join('');

/** The document as PDF. Of equal documents with an `info.creationDate` the bytes are equal. */
export const printed = (document: Document): Promise<Buffer> => pdfmake.createPdf(document).getBuffer();
