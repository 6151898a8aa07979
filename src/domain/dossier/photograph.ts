import type { MessageCode } from '../messages/messages.js';

/** Pixels, upright. A certificate prints it 25 by 35 millimetres. */
const LEAST = { width: 240, height: 320 };
/** Width to height: from 2:3 to 5:6, between which all sizes of identity photographs lie. */
const RATIO = { least: 2 / 3, most: 5 / 6 };

/** Why a picture is no identity photograph 证件照. Whether it shows a face is for the reviewers to see. */
export function photographFault({ width, height }: { readonly width: number; readonly height: number }): MessageCode | undefined {
  const ratio = width / height;
  if (ratio < RATIO.least || ratio > RATIO.most) return 'photograph-ratio';
  return width < LEAST.width || height < LEAST.height ? 'photograph-too-small' : undefined;
}

const NOT_PICTURES = /^(?:\.|thumbs\.db$|desktop\.ini$)/i;

/** What a file of an archive is named after: its name without folders and ending. Undefined for what systems put beside files. */
export function namedAfter(path: string): string | undefined {
  const parts = path.split(/[\\/]/);
  const name = parts.at(-1) ?? '';
  if (parts.includes('__MACOSX') || NOT_PICTURES.test(name)) return undefined;
  return name.replace(/\.[^.]*$/, '').trim();
}
