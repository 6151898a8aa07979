/**
 * The bytes of a text in base64url; undefined where another text would give the same bytes. Node skips what is no letter of the alphabet,
 * and the bits that the last letter has over.
 */
export function bytesOf(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
