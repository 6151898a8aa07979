import { randomBytes, timingSafeEqual } from 'node:crypto';
import { bytesOf } from '../http/base64url.js';
import type { FieldCipher } from '../database/field-cipher.js';

const DAY = 24 * 3_600_000;
export const GOOD_FOR = 180 * DAY;

const sealOf = (cipher: FieldCipher, name: Buffer, device: string, issued: string): Buffer =>
  cipher.index('device', `${name.toString('hex')}:${device}:${issued}`);

/** What a device keeps that signed in under a name: whoever has it is counted apart when signing in again. It opens nothing. */
export function deviceToken(cipher: FieldCipher, name: Buffer, now: number, known?: string): string {
  const device = known ?? randomBytes(16).toString('base64url');
  const issued = String(now);
  return `${device}.${issued}.${sealOf(cipher, name, device, issued).toString('base64url')}`;
}

/** The device of a token that was given under that name within half a year; undefined for every other text. */
export function knownDevice(cipher: FieldCipher, name: Buffer, token: string, now: number): string | undefined {
  const [device = '', issued = '', seal = '', ...more] = token.split('.');
  const [id, given] = [bytesOf(device), bytesOf(seal)];
  if (more.length > 0 || id?.length !== 16 || given?.length !== 32 || !/^\d{1,15}$/.test(issued)) return undefined;
  const age = now - Number(issued);
  if (age >= GOOD_FOR || age < -DAY) return undefined;
  return timingSafeEqual(given, sealOf(cipher, name, device, issued)) ? device : undefined;
}
