import path from 'node:path';
import { chromium as driver, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { chromium } from '../../../local/chromium.js';
import { asStudent } from '../../fixtures/asking.js';
import { createCertificate } from '../../fixtures/certified.js';
import { as } from '../../fixtures/client.js';
import { acrossProvinces, Demonstration } from '../../fixtures/demonstration.js';
import { startSystem, type System } from '../../fixtures/system.js';

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 900 };
const WAITS = 60_000;

/** With SCREENSHOTS set to a folder, the pages are kept there as pictures. */
const keep = async (page: Page, name: string): Promise<void> => {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true });
};

describe('the page of verifications in a browser', () => {
  let system: System;
  let browser: Browser;
  let certificate: Awaited<ReturnType<typeof createCertificate>>;
  let code: { code: string; name: string };
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false, settings: { VERIFICATIONS_PER_MINUTE: '100000' } });
    const demo = await Demonstration.of(system);
    const [school] = acrossProvinces(demo);
    const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    certificate = await createCertificate(system, demo, school, clerk);
    const student = await asStudent(system, clerk, demo.student(school.id));
    const { name } = (await student.get('/own-dossier')).body as { name: string };
    code = { name, code: (await student.post('/verification-codes', { purpose: 'enrolment' })).body.code as string };
    browser = await driver.launch({ executablePath: await chromium(), args: ARGS });
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  /** A page of its own, with everything that went wrong in it or was asked of the server. */
  const opened = async (
    options: BrowserContextOptions,
    work: (page: Page, seen: { wrong: string[]; asked: string[] }) => Promise<void>,
  ) => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(WAITS);
    const seen = { wrong: [] as string[], asked: [] as string[] };
    page.on('console', (message) => message.type() === 'error' && seen.wrong.push(message.text()));
    page.on('pageerror', (error) => seen.wrong.push(String(error)));
    page.on('request', (request) => seen.asked.push(request.url()));
    await work(page, seen);
    await context.close();
  };
  const fits = (page: Page) => page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth');

  for (const [language, words] of [
    ['zh', { verify: '核验', match: '核验一致', noMatch: '未能核验', name: '姓名', document: '证件号码' }],
    ['en', { verify: 'Verify', match: 'Verified', noMatch: 'Not verified', name: 'Name', document: 'Identity document number' }],
  ] as const)
    for (const [screen, viewport] of [
      ['phone', PHONE],
      ['desktop', DESKTOP],
    ] as const)
      it(`opened by a QR code fills the number in, and verifies: ${language}, ${screen}`, () =>
        opened({ viewport, locale: language === 'zh' ? 'zh-CN' : 'en-GB' }, async (page, { wrong, asked }) => {
          await page.goto(`${system.url}/verify#n=${certificate.number}`);
          const form = page.locator('form').nth(1);
          await page.waitForURL(`${system.url}/verify`); // the script has taken the fragment away
          expect(await form.locator('[name=certificateNumber]').inputValue()).toBe(certificate.number);
          expect(await page.evaluate('document.activeElement.id')).toBe('number-documentNumber');
          await keep(page, `verify-${language}-${screen}`);
          await form.getByLabel(words.document).fill(certificate.documentNumber);
          await form.getByLabel(words.name).fill('张三');
          await form.getByRole('button', { name: words.verify }).click();
          await page.getByRole('heading', { name: words.noMatch }).waitFor();
          await keep(page, `verify-${language}-${screen}-none`);
          expect(await form.locator('[name=documentNumber]').inputValue()).toBe(certificate.documentNumber);
          await page.locator('form').nth(1).getByLabel(words.name).fill(certificate.name);
          await page.locator('form').nth(1).getByRole('button', { name: words.verify }).click();
          await page.getByRole('heading', { name: words.match }).waitFor();
          expect(await page.evaluate('document.activeElement.id')).toBe('outcome');
          expect(await page.getByRole('region', { name: words.match }).textContent()).toContain(certificate.number);
          await keep(page, `verify-${language}-${screen}-match`);
          expect(await fits(page)).toBe(true);
          expect(wrong).toEqual([]);
          for (const address of asked) expect(address).not.toMatch(new RegExp(`${certificate.number}|${certificate.documentNumber}`));
        }));

  it('carries what a QR code said into the other language, without telling the server', () =>
    opened({ viewport: PHONE, locale: 'zh-CN' }, async (page, { asked }) => {
      await page.goto(`${system.url}/verify#c=${code.code}`);
      await page.waitForURL(`${system.url}/verify`);
      await page.getByRole('link', { name: 'English' }).click();
      await page.waitForURL(`${system.url}/verify?lang=en`);
      expect(await page.locator('#code-code').inputValue()).toBe(code.code);
      expect(asked.join()).not.toContain(code.code);
    }));

  it('works without JavaScript', () =>
    opened({ viewport: PHONE, locale: 'zh-CN', javaScriptEnabled: false }, async (page) => {
      await page.goto(`${system.url}/verify`);
      const form = page.locator('form').nth(0);
      await form.locator('[name=code]').fill(code.code);
      await form.locator('[name=name]').fill(code.name);
      await keep(page, 'verify-no-script');
      await form.getByRole('button').click();
      await page.getByRole('heading', { name: '核验一致' }).waitFor();
      await keep(page, 'verify-no-script-match');
    }));

  it('in the dark, with a field that is missing', () =>
    opened({ viewport: PHONE, locale: 'zh-CN', colorScheme: 'dark' }, async (page) => {
      await page.goto(`${system.url}/verify`);
      await page.evaluate('document.querySelectorAll("input").forEach((input) => input.removeAttribute("required"))');
      await page.locator('form').nth(1).getByRole('button').click();
      await page.getByRole('heading', { name: '未作核验' }).waitFor();
      await keep(page, 'verify-dark-missing');
    }));
});
