import { deflateSync } from 'node:zlib';
import {
  decodePDFRawStream,
  PDFArray,
  PDFContext,
  PDFDict,
  PDFDocument,
  PDFName,
  PDFNumber,
  PDFRawStream,
  PDFRef,
  PDFStream,
} from '@cantoo/pdf-lib';
import type { PDFObject } from '@cantoo/pdf-lib';

/** Why a file is not taken as a PDF, and for an active one what it would do. */
export interface PdfFault {
  readonly code: 'pdf-unreadable' | 'pdf-encrypted' | 'pdf-active' | 'image-too-large';
  readonly what?: string;
}

/** Actions that run a program, send or load something, or play; going to a page or an address of the web is none of them. */
const ACTIONS = new Set('JavaScript Launch SubmitForm ImportData GoToE RichMediaExecute Rendition Movie Sound Trans3D'.split(' '));
/** Entries that hold a script, a file, a form of another kind, or what is done when the document or a page is opened. */
const ENTRIES = new Set('JS JavaScript AA EmbeddedFiles EF XFA RichMediaContent RichMediaSettings'.split(' '));
const KINDS = new Set('EmbeddedFile FileAttachment RichMedia Screen Movie Sound 3D'.split(' '));
/** What opens with the document may be a place in it. */
const PLACES = new Set(['GoTo']);

/**
 * The same in the bytes themselves, where a reader may find an object that the parser has taken for part of another. Short names are left
 * out, because packed bytes hold them by chance.
 */
const IN_BYTES = /\/(JavaScript|Launch|SubmitForm|ImportData|EmbeddedFiles?|RichMedia|FileAttachment)(?![A-Za-z0-9])/;
/** Bytes of all streams that must be unpacked to find the objects in them. */
const MOST_UNPACKED = 64 * 1024 * 1024;

let unpacked = 0;
let assigned: PDFObject[] = [];
boundUnpacking();
keepSuperseded();

/** How many pages a PDF has, or what stands against it. */
export type JudgedPdf = { readonly pages: number } | { readonly fault: PdfFault };

/** Judges a file that says it is a PDF; `mostPixels` is for each picture in it. It runs in a thread (`pdf.thread.ts`). */
export async function judgedPdf(file: Buffer, mostPixels: number): Promise<JudgedPdf> {
  const document = await parsed(file);
  if (typeof document === 'string') return { fault: { code: document } };
  const fault = activeOrTooLarge(file, document.context, mostPixels);
  return fault ? { fault } : { pages: document.getPageCount() };
}

function activeOrTooLarge(file: Buffer, context: PDFContext, mostPixels: number): PdfFault | undefined {
  const found = /#/.test(file.toString('latin1')) ? unescaped(file) : file.toString('latin1');
  const named = IN_BYTES.exec(found)?.[1];
  if (named) return { code: 'pdf-active', what: named };
  for (const object of assigned) {
    const fault = faultIn(context, object, mostPixels);
    if (fault) return fault;
  }
  return undefined;
}

const unescaped = (file: Buffer): string =>
  file.toString('latin1').replace(/#([0-9a-f]{2})/gi, (_all, code: string) => String.fromCharCode(parseInt(code, 16)));

async function parsed(file: Buffer): Promise<PDFDocument | 'pdf-unreadable' | 'pdf-encrypted'> {
  unpacked = 0;
  assigned = [];
  try {
    const options = { updateMetadata: false, ignoreEncryption: true, throwOnInvalidObject: true, parseSpeed: Infinity };
    const document = await PDFDocument.load(file, options);
    if (document.isEncrypted) return 'pdf-encrypted';
    return unpacked <= MOST_UNPACKED && document.getPageCount() > 0 ? document : 'pdf-unreadable';
  } catch {
    return 'pdf-unreadable';
  }
}

/** Looks through one object and all that stands in it, without what it refers to, which is looked at by itself. */
function faultIn(context: PDFContext, object: PDFObject, mostPixels: number): PdfFault | undefined {
  const left = [object];
  for (let one = left.pop(); one; one = left.pop()) {
    if (one instanceof PDFArray) left.push(...one.asArray());
    const dict = one instanceof PDFStream ? one.dict : one instanceof PDFDict ? one : undefined;
    if (!dict) continue;
    const what = activeIn(context, dict);
    if (what) return { code: 'pdf-active', what };
    if (pixelsIn(context, dict) > mostPixels) return { code: 'image-too-large' };
    left.push(...dict.values());
  }
  return undefined;
}

function activeIn(context: PDFContext, dict: PDFDict): string | undefined {
  const names = dict.keys().map((key) => key.decodeText());
  const entry = names.find((name) => ENTRIES.has(name));
  if (entry) return entry;
  const action = nameAt(context, dict, 'S');
  if (action !== undefined && ACTIONS.has(action)) return action;
  const kind = [nameAt(context, dict, 'Type'), nameAt(context, dict, 'Subtype')].find((name) => name !== undefined && KINDS.has(name));
  if (kind) return kind;
  const opening = context.lookup(dict.get(PDFName.of('OpenAction')));
  const isPlace = !(opening instanceof PDFDict) || PLACES.has(nameAt(context, opening, 'S') ?? '');
  return isPlace ? undefined : 'OpenAction';
}

function pixelsIn(context: PDFContext, dict: PDFDict): number {
  if (nameAt(context, dict, 'Subtype') !== 'Image') return 0;
  const [width, height] = ['Width', 'Height'].map((key) => context.lookup(dict.get(PDFName.of(key))));
  return width instanceof PDFNumber && height instanceof PDFNumber ? width.asNumber() * height.asNumber() : 0;
}

function nameAt(context: PDFContext, dict: PDFDict, key: string): string | undefined {
  const value = context.lookup(dict.get(PDFName.of(key)));
  return value instanceof PDFName ? value.decodeText() : undefined;
}

interface Unpacking {
  buffer: Uint8Array;
  ensureBuffer(requested: number): Uint8Array;
}

/** The library unpacks without a bound, outside of the heap that the thread is bound to. */
function boundUnpacking(): void {
  const context = PDFContext.create();
  const packed = PDFRawStream.of(context.obj({ Filter: 'FlateDecode' }), deflateSync(''));
  const unpacking = Object.getPrototypeOf(Object.getPrototypeOf(decodePDFRawStream(packed))) as Unpacking;
  const { ensureBuffer } = unpacking;
  unpacking.ensureBuffer = function (this: Unpacking, requested) {
    unpacked += Math.max(0, requested - this.buffer.length);
    if (unpacked > MOST_UNPACKED) throw new Error('unpacks to too much');
    return ensureBuffer.call(this, requested);
  };
}

/** Of two objects with one number the library keeps the later; a reader may show the former. Both are looked at. */
function keepSuperseded(): void {
  const { assign } = PDFContext.prototype;
  PDFContext.prototype.assign = function (this: PDFContext, ref: PDFRef, object: PDFObject) {
    assigned.push(object);
    return assign.call(this, ref, object);
  };
}
