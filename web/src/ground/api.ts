import createClient from 'openapi-fetch';
import type { components, paths } from '../generated/api';

export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];

/** The answer was a problem, or there was none (`status` 0: the network, or something between). */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem | undefined,
    readonly retryAfter: number | undefined,
  ) {
    super(problem?.code ?? `status ${status}`);
  }

  get code(): string | undefined {
    return this.problem?.code;
  }

  /** Sending it again with the same key may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** The API, typed by its own document. The cookie of the session goes with each request; no script ever reads it. */
export const api = createClient<paths>({
  baseUrl: '',
  credentials: 'same-origin',
  headers: { 'X-Xueji-Client': 'workbench' },
  querySerializer: { array: { style: 'form', explode: true } },
});

api.use({
  onRequest: ({ request }) => request.headers.set('Accept-Language', document.documentElement.lang),
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && 'traceId' in value;

/** What was answered. @throws Refusal */
export async function told<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Refusal(0, undefined, undefined);
  }
  const { response } = answer;
  if (response.ok) return answer.data as T;
  const after = Number(response.headers.get('Retry-After'));
  throw new Refusal(response.status, isProblem(answer.error) ? answer.error : undefined, after > 0 ? after : undefined);
}
