import { readFile } from 'node:fs/promises';
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { dataConverterFor } from './payload-codec.js';
import type { Config } from '../config.js';

/** The address of Temporal, with TLS if configured, for the client and the worker alike. */
export async function connectionOptions({ temporal }: Pick<Config, 'temporal'>): Promise<Pick<ConnectionOptions, 'address' | 'tls'>> {
  const { address, tls } = temporal;
  if (!tls) return { address };
  const file = (name?: string) => (name ? readFile(name) : undefined);
  const [ca, crt, key] = await Promise.all([file(tls.ca), file(tls.cert), file(tls.key)]);
  return { address, tls: { serverRootCACertificate: ca, ...(crt && key ? { clientCertPair: { crt, key } } : {}) } };
}

/** A client that connects when first used: the API starts, files and decides while Temporal is away. */
export async function lazyClient(config: Pick<Config, 'temporal' | 'payloadKey'>): Promise<Client> {
  const connection = Connection.lazy({ ...(await connectionOptions(config)), connectTimeout: '5s' });
  return new Client({ connection, namespace: config.temporal.namespace, dataConverter: dataConverterFor(config.payloadKey) });
}
