import dns from 'node:dns';
import { BlockList, isIPv4, isIPv6, type LookupFunction } from 'node:net';
import { registerDecorator } from 'class-validator';

/** Where webhooks may go: to any address, or to public ones only, so that nobody uses this system to reach its inner network. */
export type WebhookReach = 'public' | 'any';

/** What the registries of IANA keep from the public network, and what translates or relays into other networks. */
const INNER_V4 = (
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 ' +
  '192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4'
).split(' ');
/**
 * Public IPv6 addresses lie in here. Outside lie this machine, inner networks, and IPv4 in IPv6: mapped, compatible, translated (NAT64).
 */
const PUBLIC_V6 = '2000::/3';
/** Within it: Teredo and other protocols, documentation, 6to4, the old 6bone, and the sink of reverse names. */
const INNER_V6 = '2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3ffe::/16 3fff::/20'.split(' ');

function listOf(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
const innerV4 = listOf(INNER_V4, 'ipv4');
const publicV6 = listOf([PUBLIC_V6], 'ipv6');
const innerV6 = listOf(INNER_V6, 'ipv6');
/** ISATAP puts an IPv4 address behind these sixteen bits of any network. */
const ISATAP = /:(|0|200):5efe:[0-9a-f.]+(:[0-9a-f]+)?$/i;

/** Whether an IP address is one of the public network. The one list: for what is entered, and for what a name resolves to. */
export function isPublic(address: string): boolean {
  if (isIPv4(address)) return !innerV4.check(address, 'ipv4');
  if (!isIPv6(address) || address.includes('%')) return false;
  return publicV6.check(address, 'ipv6') && !innerV6.check(address, 'ipv6') && !ISATAP.test(address);
}

/** Names of this machine, and of inner networks, by RFC 6761, 6762, 8375 and the reservation of `internal`. */
const INNER_NAME = /(^|\.)(localhost|local|internal|home\.arpa)\.?$/i;

/** The address as it is posted to, or undefined for what could never be posted to. */
export function targetOf(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = url.username === '' && url.password === '' && url.hostname !== '';
  return isPlain && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** The IP address that an address names without a name; the parser has written every spelling of it alike. */
const literalOf = ({ hostname }: URL): string | undefined => {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIPv4(bare) || isIPv6(bare) ? bare : undefined;
};

/** Whether an address says by itself that it is an inner one. What its name resolves to is judged at each connection. */
export function isInner(url: URL): boolean {
  const literal = literalOf(url);
  return literal === undefined ? INNER_NAME.test(url.hostname) : !isPublic(literal);
}

/** A connection to an inner address was wanted. */
export class InnerAddress extends Error {
  readonly code = 'EINNER';
}

/** Resolves a name for one connection. Every address that it has must be public, since any may be taken. */
export const lookupPublic: LookupFunction = (name, options, done) => {
  dns.lookup(name, { ...options, all: true }, (error, found) => {
    const first = found?.[0];
    if (error || !first) return done(error ?? new InnerAddress(), '', 0);
    if (!found.every(({ address }) => isPublic(address))) return done(new InnerAddress(), '', 0);
    return options.all ? done(null, found) : done(null, first.address, first.family);
  });
};

/** How long the name of an address may take to resolve, in milliseconds. */
const RESOLVED_WITHIN = 2000;

type Resolve = (name: string) => Promise<readonly { readonly address: string }[]>;
const resolve: Resolve = (name) => dns.promises.lookup(name, { all: true });

/**
 * Whether the name of an address leads into an inner network now. A name that does not resolve, or not in time, may do so later: it is
 * judged again at each connection.
 */
export async function leadsInside(url: URL, resolved: Resolve = resolve): Promise<boolean> {
  if (isInner(url)) return true;
  if (literalOf(url) !== undefined) return false;
  const late = new Promise<[]>((done) => setTimeout(() => done([]), RESOLVED_WITHIN).unref());
  const found = await Promise.race([resolved(url.hostname).catch(() => []), late]);
  return found.some(({ address }) => !isPublic(address));
}

/** An address of http or https, parsed as it will be used. */
export const IsWebhookAddress = (): PropertyDecorator => (target, property) =>
  registerDecorator({
    name: 'isWebhookAddress',
    target: target.constructor,
    propertyName: String(property),
    validator: {
      validate: (value: unknown) => typeof value === 'string' && targetOf(value) !== undefined,
    },
  });
