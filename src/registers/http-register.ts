import http from 'node:http';
import https from 'node:https';
import { HOLDINGS, type RegisterAnswer } from '../domain/dossier/other-registers.js';
import { InnerAddress, isInner, lookupPublic, targetOf, type WebhookReach } from '../events/addresses.js';

/** The question to a register: whether it holds a registration of this person now. */
export interface RegisterQuestion {
  readonly documentType: string;
  readonly documentNumber: string;
  readonly name: string;
  readonly sex: string;
  readonly birthDate: string;
}

export interface RegisterService {
  /** The address that gets the question by POST, as JSON. */
  readonly url: string;
  /** Sent as a bearer token when there is one. */
  readonly key?: string;
  /** For one question, milliseconds. */
  readonly timeout: number;
  readonly reach: WebhookReach;
}

/** Why a question brought no answer: a code, never a word of the question or of the reply. */
export type RegisterFault = 'timeout' | 'network' | 'inner-address' | 'too-long' | 'malformed' | `http-${number}`;

/** Longer than any answer of ours; more is not read. */
const LONGEST_ANSWER = 4096;

class Unanswered extends Error {
  constructor(readonly fault: RegisterFault) {
    super(fault);
  }
}

/**
 * A register over HTTP. The answer is `{"result":"none"}`, or `{"result":"held","holding":"registering"｜"inStudy"｜"suspended"}`; whatever
 * else it says, such as a school, is not read.
 */
export class HttpRegister {
  constructor(
    private readonly service: RegisterService,
    private readonly faulty: (fault: RegisterFault) => void = () => undefined,
  ) {}

  /** Never throws: whatever goes wrong is no answer, and told as a code. */
  async ask(question: RegisterQuestion): Promise<RegisterAnswer | undefined> {
    try {
      return answerIn(await posted(this.service, JSON.stringify(question)));
    } catch (error) {
      this.faulty(faultOf(error as Error));
      return undefined;
    }
  }
}

/** Follows no redirect: nobody but the configured register learns of a name. */
function posted({ url, key, timeout, reach }: RegisterService, body: string): Promise<string> {
  const target = targetOf(url);
  if (!target || (reach === 'public' && isInner(target))) throw new InnerAddress();
  const options = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      accept: 'application/json',
      ...(key ? { authorization: `Bearer ${key}` } : {}),
    },
    signal: AbortSignal.timeout(timeout),
    agent: false,
    ...(reach === 'public' ? { lookup: lookupPublic } : {}),
  } as const;
  return new Promise((resolve, reject) => {
    const request = (target.protocol === 'https:' ? https : http).request(target, options, (answer) => {
      readBounded(answer).then(resolve, (error: unknown) => {
        answer.destroy();
        reject(error as Error);
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function readBounded(answer: http.IncomingMessage): Promise<string> {
  if (answer.statusCode !== 200) throw new Unanswered(`http-${answer.statusCode ?? 0}`);
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer) {
    length += (part as Buffer).length;
    if (length > LONGEST_ANSWER) throw new Unanswered('too-long');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** @throws Unanswered malformed */
function answerIn(text: string): RegisterAnswer {
  const said = parsed(text);
  if (said?.result === 'none') return { answer: 'none' };
  const holding = HOLDINGS.find((one) => one === said?.holding);
  if (said?.result !== 'held' || !holding) throw new Unanswered('malformed');
  return { answer: 'held', holding };
}

function parsed(text: string): { readonly result?: unknown; readonly holding?: unknown } | undefined {
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === 'object' && said !== null ? said : undefined;
  } catch {
    return undefined;
  }
}

function faultOf(error: Error & { code?: string }): RegisterFault {
  if (error instanceof Unanswered) return error.fault;
  if (error instanceof InnerAddress) return 'inner-address';
  return error.name === 'AbortError' || error.name === 'TimeoutError' ? 'timeout' : 'network';
}
