import * as client from 'openid-client';
import type { Config } from '../platform/config.js';
import { Problem } from '../platform/http/problem.js';

const TIMEOUT_SECONDS = 5;

/** What a sign-in must come back with, made anew for each and known to the browser that began it alone. */
export interface AskedSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The configured issuer, of which this system is a confidential client: authorization code with PKCE, state and nonce. */
export class IssuerClient {
  private known?: Promise<client.Configuration>;

  constructor(
    private readonly options: NonNullable<Config['issuerClient']>,
    private readonly addresses: () => { readonly callback: string; readonly signedOut: string },
  ) {}

  /** Where the browser goes to sign in. @throws Problem issuer-unavailable */
  async authorization(): Promise<{ address: string; asked: AskedSignIn }> {
    const asked = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() };
    const address = client.buildAuthorizationUrl(await this.discovered(), {
      redirect_uri: this.addresses().callback,
      scope: 'openid',
      state: asked.state,
      nonce: asked.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(asked.verifier),
      code_challenge_method: 'S256',
    });
    return { address: address.href, asked };
  }

  /**
   * The subject that the issuer names for the code that came back.
   * @param search the query of the callback, as it came
   * @throws Problem sign-in-failed; issuer-unavailable
   */
  async subject(search: string, { state, nonce, verifier }: AskedSignIn): Promise<{ issuer: string; subject: string }> {
    const configuration = await this.discovered();
    const came = new URL(this.addresses().callback);
    came.search = search;
    try {
      const tokens = await client.authorizationCodeGrant(configuration, came, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const subject = tokens.claims()?.sub;
      if (!subject) throw new Problem('sign-in-failed');
      return { issuer: this.options.issuer, subject };
    } catch (error) {
      throw new Problem(isOutage(error) ? 'issuer-unavailable' : 'sign-in-failed');
    }
  }

  /** Where the issuer signs the person out too; null where it offers none or does not answer. */
  async endOfSession(): Promise<string | null> {
    try {
      const configuration = await this.discovered();
      if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
      return client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: this.addresses().signedOut }).href;
    } catch {
      return null;
    }
  }

  /** Its addresses and keys are discovered at the first sign-in, and again after a failure. */
  private discovered(): Promise<client.Configuration> {
    this.known ??= this.discover().catch(() => {
      this.known = undefined;
      throw new Problem('issuer-unavailable');
    });
    return this.known;
  }

  private discover(): Promise<client.Configuration> {
    const { issuer, id, secret } = this.options;
    const address = new URL(issuer);
    // The settings let an address in the clear stand for this machine alone.
    const here = address.protocol === 'http:' ? [client.allowInsecureRequests] : [];
    return client.discovery(address, id, undefined, client.ClientSecretBasic(secret), {
      timeout: TIMEOUT_SECONDS,
      execute: [client.enableNonRepudiationChecks, ...here],
    });
  }
}

/** The issuer was not reached, not in time, or failed by itself: what came back may be good. */
function isOutage(error: unknown): boolean {
  const { code, name, status, cause } = error as { code?: string; name?: string; status?: number; cause?: unknown };
  const answered = cause instanceof Response ? cause.status : status;
  return (
    code === 'OAUTH_TIMEOUT' || name === 'TimeoutError' || (error instanceof TypeError && cause !== undefined) || (answered ?? 0) >= 500
  );
}
