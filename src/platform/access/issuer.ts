import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { Problem } from '../http/problem.js';
import type { Clock } from '../clock.js';

/** An OpenID Connect issuer whose access tokens are accepted beside those of local accounts. */
export interface IssuerOptions {
  readonly issuer: string;
  /** What the token must be meant for (`aud`). */
  readonly audience: string;
}

export interface Bearer {
  readonly issuer: string;
  /** Who it is at the issuer, for good (`sub`). No other claim counts: a user name may change there, or become another person's. */
  readonly subject: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const TIMEOUT = 5000;

/** Judges the tokens of one issuer by its published keys; its configuration is discovered at the first token, and again after a failure. */
export class Issuer {
  private keys?: Promise<JWTVerifyGetKey>;

  constructor(
    private readonly options: IssuerOptions,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem unauthenticated; issuer-unavailable when its keys can't be had */
  async verify(token: string): Promise<Bearer> {
    const { issuer, audience } = this.options;
    try {
      const { payload } = await jwtVerify(token, await this.discovered(), {
        issuer,
        audience,
        algorithms: ASYMMETRIC,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(this.clock.now()),
      });
      // Issuers are not bound to say a text, whatever the type of the library's promise.
      const subject: unknown = payload.sub;
      if (typeof subject !== 'string' || subject === '' || payload.exp === undefined) throw new Problem('unauthenticated');
      return { issuer, subject, expiresAt: payload.exp * 1000 };
    } catch (error) {
      if (error instanceof Problem) throw error;
      throw new Problem(error instanceof errors.JOSEError && !isOutage(error) ? 'unauthenticated' : 'issuer-unavailable');
    }
  }

  private discovered(): Promise<JWTVerifyGetKey> {
    this.keys ??= discover(this.options.issuer).catch((error: unknown) => {
      this.keys = undefined;
      throw error;
    });
    return this.keys;
  }
}

/** The keys were not there in time, or not what the standard says: the token may be good. */
const isOutage = (error: errors.JOSEError): boolean =>
  error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC';

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT), redirect: 'error' });
  const found = response.ok ? ((await response.json()) as { issuer?: unknown; jwks_uri?: unknown }) : {};
  // A configuration that names another issuer is somebody else's (OpenID Connect Discovery 4.3).
  if (found.issuer !== issuer || typeof found.jwks_uri !== 'string')
    throw new Error('the issuer answered with no configuration of its own');
  return createRemoteJWKSet(new URL(found.jwks_uri), { timeoutDuration: TIMEOUT });
}
