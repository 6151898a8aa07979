import { createTransport, type Transporter } from 'nodemailer';
import type { Config } from '../platform/config.js';

const SECOND = 1000;

/** The connection to the mail server of the configuration, kept open between letters. */
export const transportTo = ({ url }: NonNullable<Config['mail']>): Transporter => {
  const server = new URL(url);
  const secure = server.protocol === 'smtps:';
  return createTransport({
    pool: true,
    maxConnections: 1,
    host: server.hostname,
    port: Number(server.port || (secure ? 465 : 587)),
    secure,
    ...(server.username ? { auth: { user: decodeURIComponent(server.username), pass: decodeURIComponent(server.password) } } : {}),
    requireTLS: server.searchParams.get('requireTLS') === 'true',
    connectionTimeout: 10 * SECOND,
    greetingTimeout: 10 * SECOND,
    socketTimeout: 20 * SECOND,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
};
