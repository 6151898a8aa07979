import { withoutStrange } from '../platform/http/texts.js';

/** By media type: what a name ends in, the first by default. */
const ENDINGS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'application/pdf': ['.pdf'],
  'image/jpeg': ['.jpg', '.jpeg'],
  'image/png': ['.png'],
};
/** Characters of a name at most, without its ending. */
const MOST = 100;
const UNNAMED = '证明材料';

/** What file systems take for something else than a name, and what stands for bytes that were no text. */
const FORBIDDEN = /[<>:"|?*\ufffd]/g;
const AROUND = /^[. ]+|[. ]+$/g;
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

const endingsOf = (type: string): readonly [string, ...string[]] => ENDINGS[type] ?? ['.bin'];
export const endingOf = (type: string): string => endingsOf(type)[0];

/**
 * The name of an uploaded file as it is kept: without folders, invisible characters and what a file system forbids, composed and bounded.
 * It is mended and not refused, because the name is the file system's and signed by nobody. It ends as its content says.
 */
export function fileNameOf(sent: string, type: string): string {
  const last = sent.split(/[\\/]/).at(-1) ?? '';
  const shown = withoutStrange(last.replace(/\s+/g, ' ')).replace(/ {2,}/g, ' ').normalize('NFC').replace(FORBIDDEN, '_');
  const own = endingsOf(type).find((one) => shown.toLowerCase().endsWith(one)) ?? '';
  const ending = own === '' ? endingOf(type) : shown.slice(-own.length);
  const stem = Array.from(shown.slice(0, shown.length - own.length).replace(AROUND, ''))
    .slice(0, MOST)
    .join('')
    .replace(AROUND, '');
  if (stem === '') return `${UNNAMED}${ending}`;
  return DEVICES.test(stem) ? `_${stem}${ending}` : `${stem}${ending}`;
}

/** What RFC 8187 wants escaped beside what a URI does. */
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/** To be saved, or to be shown where it is. */
export const DISPOSITIONS = ['attachment', 'inline'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** RFC 6266: a name of ASCII for old clients, and the whole one for all others. */
export const disposed = (how: Disposition, name: string, plain: string): string =>
  `${how}; filename="${plain}"; filename*=UTF-8''${escaped(name)}`;

/** Where the name of a file is encrypted: it may name the student. */
export const namePlace = (id: string): string => `evidence.name:${id}`;
