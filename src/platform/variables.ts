import { z } from 'zod';
import type { NumberedKey } from './database/field-cipher.js';

/** What docs/configuration.md says of a variable besides its meaning. */
interface About {
  readonly fallback: string;
  readonly values: string;
  readonly meaning: string;
}
/** Every variable that a schema below describes; the document is generated from it. */
export const ABOUT = z.registry<About>();

/** A schema of one variable of the environment, with its line in the document. A blank value counts as none. */
function variable<Schema extends z.ZodType>(schema: Schema, about: About) {
  const made = z.preprocess(present, schema);
  ABOUT.add(made, about);
  return made;
}

const present = (text: unknown): unknown => (typeof text === 'string' ? text.trim() || undefined : text);

/** Says what a value must be; the value itself is shown only where it can be no secret. */
const must = (what: string) => ({ error: `must be ${what}` });
const mustShown = (what: string) => ({
  error: ({ input }: { readonly input?: unknown }): string => `must be ${what}, not "${String(input)}"`,
});

export const required = (values: string, pattern: RegExp, wrong: string, meaning: string) =>
  variable(z.string({ error: 'is required' }).regex(pattern, must(wrong)), { fallback: 'required', values, meaning });

/** An address of its own, or that of the application. */
export const databaseOwner = (values: string, pattern: RegExp, wrong: string, meaning: string) =>
  variable(z.string().regex(pattern, must(wrong)).default(''), { fallback: '`DATABASE_URL`', values, meaning });

export const text = (fallback: string, meaning: string) =>
  variable(z.string().default(fallback), { fallback: `\`${fallback}\``, values: '', meaning });

/** @param fallback what holds without a value, in words */
export const optional = (meaning: string, fallback = 'none') => variable(z.string().optional(), { fallback, values: '', meaning });

const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .refine(
      (digits) => Number.isInteger(Number(digits)) && Number(digits) >= from && Number(digits) <= to,
      mustShown(`a whole number from ${from} to ${to}`),
    )
    .transform(Number);

export const whole = (fallback: number, [from, to]: readonly [number, number], meaning: string) =>
  variable(wholeNumber(from, to).default(fallback), { fallback: `${fallback}`, values: `${from}–${to}`, meaning });

/** @param fallback what holds without a value, in words */
export const optionalWhole = ([from, to]: readonly [number, number], meaning: string, fallback = 'none') =>
  variable(wholeNumber(from, to).optional(), { fallback, values: `${from}–${to}`, meaning });

export const flag = (meaning: string) =>
  variable(z.enum(['true', 'false'], mustShown('true or false')).default('false'), {
    fallback: '`false`',
    values: '`true`, `false`',
    meaning,
  });

export const oneOf = <const Value extends string>(allowed: readonly Value[], fallback: NoInfer<Value>, meaning: string) => {
  const schema: z.ZodType<Value, Value | undefined> = z.enum(allowed, mustShown(`one of ${allowed.join(', ')}`)).default(fallback);
  return variable(schema, { fallback: `\`${fallback}\``, values: allowed.map((value) => `\`${value}\``).join(', '), meaning });
};

const BASE64 = '32 bytes in base64 (openssl rand -base64 32)';

export const key = (meaning: string) =>
  variable(
    z
      .string(must(BASE64))
      .transform((base64) => Buffer.from(base64, 'base64'))
      .refine(({ length }) => length === 32, must(BASE64)),
    { fallback: 'required', values: BASE64, meaning },
  );

const SEVERAL = must(`${BASE64}, or several as 2:…,1:… with the newest first`);

/** One key, or several with their numbers, `2:…,1:…`: the first writes, all read. A single one without a number is number 1. */
const numberedKeys = z.string(SEVERAL).transform(keysIn).refine(areNumbered, SEVERAL);

const SEVERAL_VALUES = `${BASE64}; or \`2:…,1:…\`, the newest first`;
export const keys = (meaning: string) => variable(numberedKeys, { fallback: 'required', values: SEVERAL_VALUES, meaning });
export const optionalKeys = (meaning: string) => variable(numberedKeys.optional(), { fallback: 'none', values: SEVERAL_VALUES, meaning });

function keysIn(text: string): NumberedKey[] {
  const parts = text.split(',').map((part) => /^\s*(?:(\d{1,3}):)?(.*?)\s*$/.exec(part) ?? []);
  return parts.map(([, number = '1', base64 = '']) => ({ number: Number(number), key: Buffer.from(base64, 'base64') }));
}

function areNumbered(found: readonly NumberedKey[]): boolean {
  const numbers = new Set(found.map(({ number }) => number));
  return numbers.size === found.length && found.every(({ key, number }) => key.length === 32 && number >= 1 && number <= 255);
}

const parsed = (address: string): Partial<URL> => (URL.canParse(address) ? new URL(address) : {});

export const origin = (meaning: string) =>
  variable(z.string().refine(isOrigin, must('an origin such as https://temporal.example.cn, without a path')).optional(), {
    fallback: 'none',
    values: '`https://host`',
    meaning,
  });

const isOrigin = (address: string): boolean => /^https?:/.test(address) && parsed(address).origin === address;

/** An origin that stands without being set. */
export const originOr = (fallback: string, meaning: string) =>
  variable(z.string().refine(isOrigin, must('an origin such as https://xueji.example.cn, without a path')).default(fallback), {
    fallback: `\`${fallback}\``,
    values: '`https://host`',
    meaning,
  });

/** Origins, divided by commas; none without it. */
export const origins = (meaning: string) =>
  variable(
    z
      .string()
      .default('')
      .transform((given) => (given === '' ? [] : given.split(',').map((one) => one.trim())))
      .refine((given) => given.every(isOrigin), must('origins such as https://xueji.example.cn, divided by commas, without paths')),
    { fallback: 'none', values: '`https://host,…`', meaning },
  );

/** An address that is asked in the clear only on this machine, and that holds no secret which a log might show. */
export const safeAddress = (meaning: string) =>
  variable(z.string().refine(isSafe, must('an https:// address (http:// on this machine only) without user and password')).optional(), {
    fallback: 'none',
    values: '`https://…`',
    meaning,
  });

function isSafe(address: string): boolean {
  const { protocol, hostname = '', username, password } = parsed(address);
  const here = protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return (protocol === 'https:' || here) && !username && !password;
}

export const mailServer = (meaning: string) =>
  variable(
    z
      .string()
      .refine((address) => {
        const { protocol = '', hostname } = parsed(address);
        return ['smtp:', 'smtps:'].includes(protocol) && Boolean(hostname);
      }, must('an smtp:// or smtps:// address'))
      .optional(),
    { fallback: 'none', values: '`smtp://…`, `smtps://…`', meaning },
  );

export const mailAddress = (meaning: string) =>
  variable(
    z
      .string()
      .regex(/^[^\s@]+@[^\s@]+$/, must('a mail address'))
      .optional(),
    { fallback: 'none', values: '', meaning },
  );

const CLAMD_PORT = 3310;
export const clamd = (meaning: string) =>
  variable(
    z
      .string()
      .refine((address) => {
        const { protocol, hostname } = parsed(address);
        return protocol === 'tcp:' && Boolean(hostname);
      }, must('a tcp:// address of clamd'))
      .transform((address) => {
        const { hostname, port } = new URL(address);
        return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || CLAMD_PORT };
      })
      .optional(),
    { fallback: 'none', values: `\`tcp://host:${CLAMD_PORT}\``, meaning },
  );

const NETWORK = z.union([z.enum(['loopback', 'linklocal', 'uniquelocal']), z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);
const MOST_PROXIES = 10;

/** A number of proxies, or a list of names, addresses and networks; whoever it names may say whose request it brings. */
export const proxies = (fallback: string, meaning: string) =>
  variable(
    z
      .string()
      .refine(
        (given) =>
          /^\d+$/.test(given) ? Number(given) <= MOST_PROXIES : given.split(',').every((one) => NETWORK.safeParse(one.trim()).success),
        mustShown(`a number of proxies (at most ${MOST_PROXIES}) or a list of addresses and networks`),
      )
      .transform((given) => (/^\d+$/.test(given) ? Number(given) : given))
      .default(fallback),
    { fallback: `\`${fallback}\``, values: `0–${MOST_PROXIES}; or \`loopback\`, \`10.0.0.0/8\`, …`, meaning },
  );
