import { setTimeout as sleep } from 'node:timers/promises';
import { normaliseDocumentNumber, normaliseName } from '../domain/dossier/id-document.js';
import { IDENTITY_ANSWERS, type IdentityAnswer, type IdentityAuthentication, type IdentityQuestion } from './identity.js';

export interface IdentityService {
  /** The address that gets the question by POST, as JSON. The answer is `{"result": "matched"｜"nameDiffers"｜"unknownDocument"}`. */
  readonly url: string;
  /** Sent as a bearer token when there is one. */
  readonly token?: string;
  /** For one attempt, milliseconds. */
  readonly timeout: number;
  /** Attempts at most; what a repetition cannot mend is not repeated. */
  readonly attempts: number;
}

/** Why an attempt brought no answer: a code, never a word of the question or of the reply. */
export type IdentityFault = 'timeout' | 'network' | 'malformed' | `http-${number}`;

/** Longer than any answer of ours; more is not read. */
const LONGEST_ANSWER = 4096;
const FIRST_PAUSE = 100;

const mayPass = (fault: IdentityFault): boolean => ['timeout', 'network', 'http-429'].includes(fault) || /^http-5/.test(fault);

/** Authentication by a population service over HTTP. Never throws: whatever goes wrong is `unavailable`, and told as a code. */
export class HttpIdentity implements IdentityAuthentication {
  constructor(
    private readonly service: IdentityService,
    private readonly faulty: (fault: IdentityFault, attempt: number) => void = () => undefined,
  ) {}

  async check({ documentType, documentNumber, name }: IdentityQuestion): Promise<IdentityAnswer> {
    const body = JSON.stringify({
      documentType,
      documentNumber: normaliseDocumentNumber(documentNumber),
      name: normaliseName(name),
    });
    for (let attempt = 1; ; attempt += 1) {
      const { answer, fault } = await this.ask(body);
      if (answer) return answer;
      this.faulty(fault, attempt);
      if (attempt >= this.service.attempts || !mayPass(fault)) return 'unavailable';
      await sleep(FIRST_PAUSE * 2 ** (attempt - 1));
    }
  }

  private async ask(body: string): Promise<Asked> {
    const { url, token, timeout } = this.service;
    const signal = AbortSignal.timeout(timeout);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
        body,
        redirect: 'manual', // nobody but the configured service learns of a name
        signal,
      });
      if (response.status === 200) return answerIn(await textOf(response));
      await response.body?.cancel();
      return { fault: `http-${response.status}` };
    } catch {
      return { fault: signal.aborted ? 'timeout' : 'network' };
    }
  }
}

type Asked =
  { readonly answer: IdentityAnswer; readonly fault?: undefined } | { readonly answer?: undefined; readonly fault: IdentityFault };

/** The body as text, or undefined when it is longer than any answer. */
async function textOf({ body }: Response): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    length += (part as Uint8Array).length;
    if (length > LONGEST_ANSWER) return undefined; // leaving the loop cancels the rest
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts).toString('utf8');
}

function answerIn(text: string | undefined): Asked {
  try {
    const { result } = JSON.parse(text ?? '') as { result?: unknown };
    const answer = IDENTITY_ANSWERS.find((one) => one === result);
    return answer ? { answer } : { fault: 'malformed' };
  } catch {
    return { fault: 'malformed' };
  }
}
