import { createServer } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';

/** Proxies keep an idle connection for a minute. The side that sends must close it, because else a request meets the closing. */
const LONGER_THAN_A_PROXY = 75_000;

/**
 * Express behind a server that waits for headers and bodies for so many milliseconds: who lets them trickle in holds no connection longer.
 */
export class ImpatientAdapter extends ExpressAdapter {
  constructor(private readonly longest: number) {
    super();
  }

  override initHttpServer(): void {
    const options = {
      headersTimeout: this.longest,
      requestTimeout: this.longest,
      keepAliveTimeout: LONGER_THAN_A_PROXY,
      connectionsCheckingInterval: Math.min(30_000, this.longest / 4),
    };
    this.httpServer = createServer(options, this.getInstance());
  }
}
