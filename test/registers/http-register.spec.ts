import type { ServerResponse } from 'node:http';
import { HttpRegister, type RegisterService } from '../../src/registers/http-register.js';
import { registersFrom } from '../../src/registers/registers-from.js';
import { parseConfig } from '../../src/platform/config.js';
import { aRegister, type ARegister } from '../fixtures/a-register.js';
import { DEMO_KEYS } from '../fixtures/keys.js';

const QUESTION = {
  documentType: 'residentId',
  documentNumber: '330110201101109968',
  name: '沈晓岚',
  sex: 'female',
  birthDate: '2011-01-10',
};
type Reply = object | ((response: ServerResponse) => unknown);

describe('a register of other schools over HTTP (R-08)', () => {
  let register: ARegister;
  let reply: Reply;
  let faults: string[];
  beforeAll(async () => {
    register = await aRegister(() => reply);
  });
  beforeEach(() => {
    [reply, faults] = [{ result: 'none' }, []];
  });
  afterAll(() => register.close());

  const ask = (answer: Reply, more: Partial<RegisterService> = {}) => {
    reply = answer;
    const service = { url: register.url, timeout: 5000, reach: 'any' as const, ...more };
    return new HttpRegister(service, (fault) => void faults.push(fault)).ask(QUESTION);
  };

  it('is asked by POST for one person, with the key, and says whether and how it holds the person', async () => {
    await expect(ask({ result: 'none' }, { key: 'secret' })).resolves.toEqual({ answer: 'none' });
    expect([register.asked.at(-1), register.authorisations.at(-1)]).toEqual([QUESTION, 'Bearer secret']);
    for (const holding of ['registering', 'inStudy', 'suspended'])
      await expect(ask({ result: 'held', holding })).resolves.toEqual({ answer: 'held', holding });
    expect(faults).toEqual([]);
  });

  it('keeps of an answer how the person is held, and nothing else that it says', async () => {
    await expect(ask({ result: 'held', holding: 'inStudy', school: '某中学', studentNumber: 'G1' })).resolves.toEqual({
      answer: 'held',
      holding: 'inStudy',
    });
  });

  const text =
    (body: string, status = 200) =>
    (response: ServerResponse) =>
      response.writeHead(status).end(body);
  it.each<[string, Reply, string]>([
    ['is down', text('', 503), 'http-503'],
    ['does not know the key', text('', 401), 'http-401'],
    ['redirects', (response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(), 'http-307'],
    ['answers with no JSON', text('<html>'), 'malformed'],
    ['answers with JSON that is no object', text('null'), 'malformed'],
    ['answers with a result that nobody knows', { result: 'perhaps' }, 'malformed'],
    ['holds a person in a way that nobody knows', { result: 'held', holding: '__proto__' }, 'malformed'],
    ['answers at length', text(`{"result":"none","more":"${'x'.repeat(5000)}"}`), 'too-long'],
    ['breaks off', (response) => response.writeHead(200, { 'content-length': 99 }).write('{', () => response.destroy()), 'network'],
  ])('gives no answer where it %s', async (_, answer, fault) => {
    await expect(ask(answer)).resolves.toBeUndefined();
    expect(faults).toEqual([fault]);
  });

  it('is waited for no longer than is set, whether it says nothing or never ends', async () => {
    await expect(ask(() => undefined, { timeout: 100 })).resolves.toBeUndefined();
    await expect(ask((response) => response.writeHead(200).write('{"result":'), { timeout: 100 })).resolves.toBeUndefined();
    expect(faults).toEqual(['timeout', 'timeout']);
  });

  it('is not looked for in an inner network unless the operator says so', async () => {
    const before = register.asked.length;
    await expect(ask({ result: 'none' }, { reach: 'public' })).resolves.toBeUndefined();
    expect([faults, register.asked.length]).toEqual([['inner-address'], before]);
  });

  it('is asked where its address is set, and not where none is', () => {
    const env = { ...DEMO_KEYS, DATABASE_URL: 'postgresql://x' };
    expect(registersFrom(parseConfig(env)).size).toBe(0);
    const some = { REGISTER_UNIVERSITY_URL: 'https://register.example/held', REGISTER_UNIVERSITY_KEY: 'k' };
    expect([...registersFrom(parseConfig({ ...env, ...some })).keys()]).toEqual(['university']);
    expect(() => parseConfig({ ...env, REGISTER_COMPULSORY_URL: 'http://register.example/' })).toThrow(/REGISTER_COMPULSORY_URL/);
  });
});
