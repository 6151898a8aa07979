import { createCertificate } from '../fixtures/certified.js';
import { asStudent, elsewhere } from '../fixtures/asking.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('the public page of verifications', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
    [school] = acrossProvinces(demo);
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
  });
  afterAll(() => system?.stop());

  const page = async (fields?: Record<string, string>, path = '/verify', headers: Record<string, string> = {}) => {
    const body = fields && new URLSearchParams(fields);
    const response = await fetch(`${system.url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { ...elsewhere(), ...headers },
      ...(body ? { body } : {}),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const aCode = async () => {
    const student = await asStudent(system, clerk, demo.student(school.id));
    const { name } = (await student.get('/own-dossier')).body as { name: string };
    return { name, code: (await student.post('/verification-codes', { purpose: 'enrolment' })).body.code as string };
  };

  it('is in Chinese, and in English by the link or where the browser prefers it', async () => {
    expect((await page()).text).toContain('<html lang="zh-CN">');
    expect((await page(undefined, '/verify?lang=en')).text).toContain('<html lang="en">');
    expect((await page(undefined, '/verify', { 'Accept-Language': 'en-GB,en' })).text).toContain('Verification code');
    const chosen = await page(undefined, '/verify?lang=zh', { 'Accept-Language': 'en' });
    expect(chosen.text).toContain('核验码');
    expect(chosen.headers.get('content-language')).toBe('zh');
  });

  it('allows no script but its own file, no style but its own, and is kept by no cache', async () => {
    const { headers, text } = await page();
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`default-src 'none'; script-src 'self'; style-src 'self'`);
    expect(policy).not.toContain('unsafe');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).not.toMatch(/<script(?! src="\/verify\/fragment\.js" defer><)|<style|\son\w+=| style=/);
    for (const [path, type] of [
      ['/verify/fragment.js', 'text/javascript'],
      ['/verify/style.css', 'text/css'],
    ] as const) {
      const own = await page(undefined, path);
      expect([own.status, own.headers.get('content-type')]).toEqual([200, expect.stringContaining(type)]);
    }
  });

  it('verifies a code without a script, says in its title what came of it, and puts nothing into an address', async () => {
    const { code, name } = await aCode();
    const right = await page({ form: 'code', code, name });
    expect(right.status).toBe(200);
    expect(right.text).toContain('<title>核验一致 – ');
    expect(right.text).toContain(`<dd>${school.name}</dd>`);
    const wrong = await page({ form: 'code', code, name: '张三' }, '/verify?lang=en');
    expect(wrong.text).toContain('<title>Not verified – ');
    expect(wrong.text).not.toContain(school.name);
    expect(system.logs.join('')).not.toContain(code);
    expect([...right.text.matchAll(/(?:href|action|src)="([^"]*)"/g)].map(([, address]) => address).join()).not.toContain(code);
  });

  it('verifies a certificate by its number, the document and the name, as the API does, and a voided one not', async () => {
    const { id, number, name, documentNumber } = await createCertificate(system, demo, school, clerk);
    const asked = { certificateNumber: number.toLowerCase(), documentNumber: documentNumber.toLowerCase(), name };
    const right = await page({ form: 'number', ...asked }, '/verify?lang=en');
    expect(right.text).toContain('Graduation certificate');
    expect(right.text).toContain(`<dd>${number}</dd>`);
    expect(right.text).not.toContain(documentNumber);
    const shown = { match: true, shown: { purpose: 'graduation', state: 'graduated', certificate: { kind: 'graduation', number } } };
    const ask = async (question: object) =>
      (
        await fetch(`${system.url}/api/v1/verifications`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...elsewhere() },
          body: JSON.stringify(question),
        })
      ).json();
    expect(await ask(asked)).toMatchObject(shown);
    const none = { match: false, shown: null };
    expect(await ask({ ...asked, name: '张三' })).toEqual(none);
    expect(await ask({ ...asked, documentNumber: '110101200001011234' })).toEqual(none);
    const student = await asStudent(system, clerk, id);
    const { certificates, queries } = (await student.get('/own-dossier')).body;
    expect(certificates).toMatchObject([{ kind: 'graduation', number, state: 'issued' }]);
    expect(queries.filter(({ what }: { what: string }) => what === 'verification')).toHaveLength(2);
    const { code } = (await student.post('/verification-codes', { purpose: 'graduation' })).body;
    expect(await ask({ code, name })).toMatchObject(shown);
    const [issued] = (await clerk.get(`/certificates?studentId=${id}`)).body.items;
    expect((await clerk.post(`/certificates/${issued.id}/voiding`, { reason: '专业名称印制有误' })).status).toBe(200);
    expect(await ask(asked)).toEqual(none);
  });

  it('escapes what was typed', async () => {
    const hostile = `"><script>alert('1')</script>&`;
    const { text } = await page({ form: 'code', code: hostile, name: hostile });
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('value="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;"');
  });

  it('names each field that is missing, beside the field too, and asks nothing', async () => {
    const { status, text } = await page({ form: 'number', certificateNumber: 'B1' });
    expect(status).toBe(422);
    expect(text).toContain('<title>未作核验 – ');
    expect(text).toMatch(/id="number-documentNumber"[^>]*aria-invalid="true" aria-describedby="number-documentNumber-missing"/);
    expect(text).toContain('value="B1"');
    const none: Record<string, string>[] = [{}, { form: 'other' }, { name: 'x'.repeat(101), code: 'y' }];
    for (const body of none) expect((await page(body)).status).toBe(422);
  });

  it('says in the language of the page that somebody asks too often', async () => {
    const often = await Promise.all(
      Array.from({ length: 61 }, () =>
        page({ form: 'code', code: 'a', name: '李四' }, '/verify?lang=en', { 'X-Forwarded-For': '192.0.2.9' }),
      ),
    );
    const refusedOnes = often.filter(({ status }) => status === 429);
    expect(refusedOnes.length).toBeGreaterThan(0);
    expect(refusedOnes[0]?.text).toContain('Too many requests');
    expect(Number(refusedOnes[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('takes a form alone, and a short one', async () => {
    const asJson = await fetch(`${system.url}/verify`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' });
    expect(asJson.status).toBe(415);
    expect((await page({ code: 'x'.repeat(9000) })).status).toBe(413);
    const toApi = await fetch(`${system.url}/api/v1/verifications`, { method: 'POST', body: new URLSearchParams({ code: 'a' }) });
    expect(toApi.status).toBe(415);
  });
});
