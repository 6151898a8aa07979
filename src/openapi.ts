import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { MESSAGES } from './domain/messages.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The OpenAPI document with the problem codes and the idempotency header on every route that needs them; at /openapi.json and /docs. */
export function serveOpenApi(app: INestApplication): void {
  const config = new DocumentBuilder()
    .setTitle('xueji 学籍')
    .setDescription(
      '中等职业学校学生学籍异动 Status changes of secondary vocational students. Errors are RFC 9457 problems; every code is listed at the schema Problem.',
    )
    .setVersion('1')
    .addBearerAuth()
    .build();
  const document = () => withProblems(SwaggerModule.createDocument(app, config));
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'openapi.json' });
}

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'instance', 'code', 'traceId'],
  properties: {
    type: { type: 'string', example: '/problems/stale-version' },
    title: { type: 'string', description: '中文在前，英文在后 Chinese first, English beside it' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string', enum: Object.keys(MESSAGES) },
    traceId: { type: 'string' },
    errors: { type: 'array', items: { type: 'object', properties: { pointer: { type: 'string' }, detail: { type: 'string' } } } },
    blockers: { type: 'array', items: { type: 'object' } },
  },
} as const;

function withProblems(document: OpenAPIObject): OpenAPIObject {
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: { ...PROBLEM, required: [...PROBLEM.required] } as never },
  };
  const problem = {
    description: 'RFC 9457 problem',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const item of Object.values(document.paths))
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) operation.responses = { ...operation.responses, default: problem };
    }
  return document;
}
