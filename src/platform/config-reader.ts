import { isIP } from 'node:net';
import type { Config } from './config.js';
import type { NumberedKey } from './database/field-cipher.js';

export type Env = Readonly<Record<string, string | undefined>>;

/** Reads one value after another and collects what is wrong with them. */
export class Reader {
  readonly problems: string[] = [];
  constructor(private readonly env: Env) {}

  text(name: string, fallback?: string): string {
    const value = this.env[name]?.trim() || fallback;
    if (value === undefined) this.problems.push(`${name} is required`);
    return value ?? '';
  }
  optional(name: string): string | undefined {
    return this.env[name]?.trim() || undefined;
  }
  whole(name: string, fallback: number, from: number, to: number): number {
    const text = this.env[name]?.trim();
    const value = text ? Number(text) : fallback;
    if (!Number.isInteger(value) || value < from || value > to)
      this.problems.push(`${name} must be a whole number from ${from} to ${to}, not "${text}"`);
    return value;
  }
  flag(name: string): boolean {
    const text = this.env[name]?.trim() ?? 'false';
    if (!['true', 'false', ''].includes(text)) this.problems.push(`${name} must be true or false, not "${text}"`);
    return text === 'true';
  }
  oneOf(name: string, allowed: readonly string[], fallback: string): string {
    const text = this.text(name, fallback);
    if (!allowed.includes(text)) this.problems.push(`${name} must be one of ${allowed.join(', ')}, not "${text}"`);
    return text;
  }
  key(name: string): Buffer {
    const key = Buffer.from(this.env[name] ?? '', 'base64');
    if (key.length !== 32) this.problems.push(`${name} must be 32 bytes in base64 (openssl rand -base64 32)`);
    return key;
  }
  /** One key, or several with their numbers, `2:…,1:…`: the first writes, all read. A single one without a number is number 1. */
  numberedKeys(name: string): NumberedKey[] {
    const parts = (this.env[name] ?? '').split(',').map((part) => /^\s*(?:(\d{1,3}):)?(.*?)\s*$/.exec(part) ?? []);
    const keys = parts.map(([, number = '1', text = '']) => ({ number: Number(number), key: Buffer.from(text, 'base64') }));
    const numbers = new Set(keys.map(({ number }) => number));
    if (keys.some(({ key, number }) => key.length !== 32 || number < 1 || number > 255) || numbers.size < keys.length)
      this.problems.push(`${name} must be 32 bytes in base64 (openssl rand -base64 32), or several as 2:…,1:… with the newest first`);
    return keys;
  }
  origin(name: string): string | undefined {
    const text = this.optional(name);
    if (text && !(/^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text))
      this.problems.push(`${name} must be an origin such as https://temporal.example.cn, without a path`);
    return text;
  }
  /** Names and document numbers go there: in the clear only to this machine, and the address holds no secret that a log might show. */
  identityService(): Config['identity'] {
    const url = this.optional('IDENTITY_URL');
    const more = {
      token: this.optional('IDENTITY_TOKEN'),
      timeout: this.whole('IDENTITY_TIMEOUT_MS', 3000, 100, 30_000),
      attempts: this.whole('IDENTITY_ATTEMPTS', 3, 1, 5),
    };
    if (!url) return undefined;
    this.mustBeSafe('IDENTITY_URL', url);
    return { url, ...more };
  }
  /** Whoever answers at this address says who people are. */
  issuer(): Config['issuer'] {
    const [issuer, audience] = [this.optional('OIDC_ISSUER'), this.optional('OIDC_AUDIENCE')];
    const claim = this.text('OIDC_CLAIM', 'preferred_username');
    if (!issuer && !audience) return undefined;
    if (!issuer) this.problems.push('OIDC_ISSUER goes with OIDC_AUDIENCE');
    else this.mustBeSafe('OIDC_ISSUER', issuer);
    if (!audience) this.problems.push('OIDC_AUDIENCE goes with OIDC_ISSUER: what tokens for this system name as their audience');
    return { issuer: issuer ?? '', audience: audience ?? '', claim };
  }
  private mustBeSafe(name: string, url: string): void {
    const { protocol, hostname, username, password } = URL.canParse(url) ? new URL(url) : ({} as Partial<URL>);
    const here = protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname ?? '');
    if (!(protocol === 'https:' || here) || username || password)
      this.problems.push(`${name} must be an https:// address (http:// on this machine only) without user and password`);
  }
  /**
   * A number of proxies, or a list of `loopback`, `linklocal`, `uniquelocal`, addresses and networks; whoever it names may say whose
   * request it brings.
   */
  proxies(name: string, fallback: string): number | string {
    const text = this.text(name, fallback);
    if (/^\d+$/.test(text)) return this.whole(name, 0, 0, 10);
    const wrong = text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => !isNetwork(one));
    if (wrong.length > 0) this.problems.push(`${name} must be a number of proxies or a list of addresses and networks, not "${text}"`);
    return text;
  }
  scanner(): Config['scanner'] {
    const text = this.optional('SCANNER_URL');
    if (!text) return undefined;
    const { protocol, hostname, port } = URL.canParse(text) ? new URL(text) : ({} as Partial<URL>);
    if (protocol !== 'tcp:' || !hostname) this.problems.push('SCANNER_URL must be a tcp:// address of clamd');
    return { host: (hostname ?? '').replace(/^\[|\]$/g, ''), port: Number(port) || 3310 };
  }
  mail(): Config['mail'] {
    const url = this.optional('SMTP_URL');
    const from = this.optional('MAIL_FROM');
    if (!url && !from) return undefined;
    if (!url || !URL.canParse(url) || !['smtp:', 'smtps:'].includes(new URL(url).protocol) || !new URL(url).hostname)
      this.problems.push('SMTP_URL must be an smtp:// or smtps:// address');
    if (!from || !/^[^\s@]+@[^\s@]+$/.test(from)) this.problems.push('MAIL_FROM must be a mail address');
    return { url: url ?? '', from: from ?? '' };
  }
  url(name: string, value: string): string {
    if (value && !/^postgres(ql)?:\/\//.test(value)) this.problems.push(`${name} must be a postgresql:// address`);
    return value;
  }
}

function isNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...more] = text.split('/');
  const most = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1;
  return more.length === 0 && most > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}
