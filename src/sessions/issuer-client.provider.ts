import type { FactoryProvider } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config.js';
import { IssuerClient } from './issuer-client.js';

export const ISSUER_CLIENT = Symbol('the issuer of which this system is a client');

/** Undefined where this system is no client of an issuer. */
export const issuerClient: FactoryProvider<IssuerClient | undefined> = {
  provide: ISSUER_CLIENT,
  useFactory: (config: Config) => {
    const at = (path: string): string => new URL(path, config.publicUrl).href;
    const addresses = () => ({ callback: at('/api/v1/browser-sessions/oidc/callback'), signedOut: at('/sign-in') });
    return config.issuerClient && new IssuerClient(config.issuerClient, addresses);
  },
  inject: [CONFIG],
};
