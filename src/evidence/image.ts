import sharp from 'sharp';

export interface Pixels {
  readonly width: number;
  readonly height: number;
}

/** Only the decoders of what is accepted: libvips knows dozens of formats, each a parser that nobody here needs. */
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng'] });
sharp.cache(false);

/**
 * Width and height as the decoder reads them from the header; no pixel is unpacked. Undefined when the file is no image of its type.
 * The decoder judges, because a walk over the segments of our own can be led past the frame that a viewer then unpacks.
 */
export async function pixelsOf(type: string, file: Buffer): Promise<Pixels | undefined> {
  try {
    const { format, width, height } = await sharp(file, { limitInputPixels: false }).metadata();
    return `image/${format}` === type ? { width, height } : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds; a picture of the most pixels takes three. */
const LONGEST = 20;

/**
 * The picture encoded anew, upright as its camera said, and nothing else: no place, camera, name, thumbnail, second picture, or bytes
 * behind its end. Colours are brought to sRGB, because the profile goes too. Undefined when it cannot be decoded.
 */
export async function encodedAnew(type: string, file: Buffer, mostPixels: number): Promise<Buffer | undefined> {
  const picture = sharp(file, { limitInputPixels: mostPixels, failOn: 'error' }).autoOrient().timeout({ seconds: LONGEST });
  const encoding = type === 'image/jpeg' ? picture.jpeg({ quality: 90, chromaSubsampling: '4:4:4' }) : picture.png();
  return encoding.toBuffer().catch(() => undefined);
}

/** The longer side of a small picture, in pixels. */
const SMALL = 256;

/** A small WebP of a picture, for lists; undefined when it cannot be decoded. */
export const madeSmall = (file: Buffer, mostPixels: number): Promise<Buffer | undefined> =>
  sharp(file, { limitInputPixels: mostPixels, failOn: 'error' })
    .timeout({ seconds: LONGEST })
    .resize(SMALL, SMALL, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 75 })
    .toBuffer()
    .catch(() => undefined);
