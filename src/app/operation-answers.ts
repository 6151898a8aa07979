import type { OpenAPIObject } from '@nestjs/swagger';
import type { SchemaMap } from './field-formats.js';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['post']>;
type Responses = Operation['responses'];

const header = (description: string, schema: object, example: unknown) => ({ description, schema, example });
const HEADERS = {
  retryAfter: header('几秒后重试 Seconds after which to try again', { type: 'integer', minimum: 1 }, 2),
  replayed: header('幂等重放 `true`: the answer of the first request with the same key', { type: 'string', enum: ['true'] }, 'true'),
  location: header('新资源的地址 The address of what was made', { type: 'string', format: 'uri-reference' }, '/api/v1/tasks/…'),
  language: header('The language of the texts, as `Accept-Language` asked', { type: 'string', enum: ['zh', 'en', 'zh, en'] }, 'zh'),
  authenticate: header('The scheme of the token that is asked for', { type: 'string' }, 'Bearer'),
};

const TITLES: Readonly<Record<string, string>> = {
  200: '成功 Done',
  201: '已建立 Made',
  202: '已受理，在后台办理 Taken on; a job does it',
  204: '成功，无内容 Done; the answer has no body',
};

/** What may be refused, by status; each body is a problem, whose codes stand at the schema Problem. */
const REFUSALS: Readonly<Record<string, string>> = {
  400: '请求无法读取 The request cannot be read',
  401: '未登录或登录已失效 Not signed in',
  403: '无权办理 Not for this caller',
  404: '不存在或不可见 Not there, or not for this caller to see',
  409: '与当前状态冲突 Against the present state, or another request with the same key is at work',
  413: '内容过大 The body is too large',
  415: '格式不受支持 Another media type is asked for',
  422: '填写有误 The input is refused, with every fault by its pointer',
  429: '请求过多 Too many requests, or a limit of the day is reached',
  500: '系统内部错误 A fault on our side',
  503: '暂不可用 Busy; try again with the same idempotency key',
  507: '存储空间不足 Storage is full',
};

interface Facts {
  readonly operation: Operation;
  readonly path: string;
  /** Whether what is made here is read by its id. */
  readonly isRead: boolean;
  readonly schemas: SchemaMap;
}

/** The statuses with which an operation may be refused. */
function statusesOf({ operation, path }: Facts): string[] {
  const { parameters = [], requestBody, security } = operation;
  const isKeyed = parameters.some((one) => 'in' in one && one.in === 'header');
  const takesInput = requestBody !== undefined || parameters.some((one) => 'in' in one && one.in === 'query');
  return [
    ...(isKeyed || requestBody ? ['400'] : []),
    ...(security ? ['401', '403'] : requestBody ? ['401'] : []),
    ...(path.includes('{') ? ['404'] : requestBody ? ['404'] : []),
    ...(isKeyed || requestBody ? ['409'] : []),
    ...(requestBody ? ['413', '415'] : []),
    ...(takesInput || isKeyed ? ['422'] : []),
    '429',
    '500',
    '503',
    ...(requestBody ? ['507'] : []),
  ];
}

function hasId(content: object | undefined, schemas: SchemaMap): boolean {
  const [, name] = /#\/components\/schemas\/(\w+)/.exec(JSON.stringify(content ?? {})) ?? [];
  const schema = name === undefined ? undefined : schemas[name];
  return schema !== undefined && !('$ref' in schema) && 'id' in (schema.properties ?? {});
}

/** Gives an operation every status that it answers, each with what it says, its body and its headers. */
export function describeAnswers(facts: Facts): void {
  const { operation, isRead, schemas } = facts;
  const isKeyed = (operation.parameters ?? []).some((one) => 'in' in one && one.in === 'header');
  const answers: Responses = {};
  for (const [status, answer] of Object.entries(operation.responses)) {
    if (!answer || '$ref' in answer || status === 'default') continue;
    const located = status === '202' || (status === '201' && isRead && hasId(answer.content, schemas));
    const headers = {
      ...(isKeyed ? { 'Idempotency-Replayed': HEADERS.replayed } : {}),
      ...(located ? { Location: HEADERS.location } : {}),
      'Content-Language': HEADERS.language,
      ...answer.headers,
    };
    answers[status] = { ...answer, description: answer.description || (TITLES[status] ?? TITLES['200'] ?? ''), headers };
  }
  for (const status of statusesOf(facts)) answers[status] ??= { $ref: `#/components/responses/Refused${status}` };
  operation.responses = { ...answers, default: { $ref: '#/components/responses/Refused' } };
}

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** The refusals that operations refer to. */
export const REFUSED = Object.fromEntries(
  Object.entries({ ...REFUSALS, '': '其他拒绝 Any other refusal' }).map(([status, description]) => [
    `Refused${status}`,
    {
      description,
      headers: {
        'Content-Language': HEADERS.language,
        ...(['409', '429', '503'].includes(status) ? { 'Retry-After': HEADERS.retryAfter } : {}),
        ...(status === '401' ? { 'WWW-Authenticate': HEADERS.authenticate } : {}),
      },
      content: PROBLEM,
    },
  ]),
);
