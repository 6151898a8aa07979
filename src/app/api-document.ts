import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AppModule } from './app.module.js';
import { PREFIX } from './app.js';
import { declaredRoutes } from './declared-routes.js';
import { documentOf } from './openapi.js';
import type { Process } from '../platform/platform.module.js';

/** The OpenAPI document of the product, without a database: Nest reads the controllers and makes nothing of them. */
export async function apiDocument(): Promise<OpenAPIObject> {
  const nothing = { name: 'xueji-api', config: {}, clock: {}, log: {}, temporal: {} } as Process;
  const app = await NestFactory.create(AppModule.over(nothing), { preview: true, logger: false });
  app.setGlobalPrefix(...PREFIX);
  return documentOf(app, declaredRoutes(AppModule));
}
