import { Refusal, type Problem } from './api';

/** Posts to an address that the API itself named (`href` of an action). @throws Refusal */
export async function post(href: string, body: object, key: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(href, {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        'Content-Type': 'application/json',
        'Idempotency-Key': key,
        'X-Xueji-Client': 'workbench',
        'Accept-Language': document.documentElement.lang,
      },
      ...(Object.keys(body).length > 0 ? { body: JSON.stringify(body) } : {}),
    });
  } catch {
    throw new Refusal(0, undefined, undefined);
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new Refusal(response.status, answer as Problem | undefined, undefined);
  return answer;
}
