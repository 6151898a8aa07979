import { pdfSaying } from '../../fixtures/a-pdf.js';
import { acrossProvinces } from '../../fixtures/demonstration.js';
import { DESKTOP, PHONE, workplace, Workbench } from '../../fixtures/pages.js';

const WORDS = {
  zh: {
    file: '发起申请',
    find: '按姓名、学籍号或学籍号后六位查找',
    choose: /^选择 /,
    transfer: /^转学/,
    resumption: /^复学/,
    notNow: '现在不能办理',
    needed: '还须填写',
    refused: '未收下',
    destination: '转入学校',
    blocked: '项不符合规定',
    reason: '申请理由',
    allowed: '符合规定，可以提交',
    submit: '提交申请',
    done: /已提交，编号/,
    open: '查看申请',
    route: '办理路线',
    list: '异动申请',
    mine: '我的申请',
    students: '学生',
    dossier: '学籍档案',
    enrolments: '学籍经历',
  },
  en: {
    file: 'File a request',
    find: 'Find by name, student number or its last six characters',
    choose: /^Choose /,
    transfer: /^transfer/i,
    resumption: /^resum/i,
    notNow: 'Not possible now',
    needed: 'Still needed',
    refused: 'Refused',
    destination: 'Destination school',
    blocked: 'reason against it',
    reason: 'Reason',
    allowed: 'It conforms to the rules and can be filed',
    submit: 'File',
    done: /Filed, number/,
    open: 'Open the request',
    route: 'Route',
    list: 'Requests',
    mine: 'Filed by me',
    students: 'Students',
    dossier: 'Dossier',
    enrolments: 'Enrolments',
  },
} as const;

describe('filing in the workbench', () => {
  const at = workplace();

  it.each([
    ['zh', 'light', DESKTOP, 0],
    ['en', 'dark', PHONE, 1],
  ] as const)(
    'files a transfer from the student to its number, and finds it in the list: %s, %s',
    async (language, scheme, viewport, nth) => {
      const t = WORDS[language];
      const [source, destination] = acrossProvinces(at.demo);
      const bench = await Workbench.of(at.system, at.browser, { language, scheme, viewport });
      const { page } = bench;
      const seen = async (what: string) => {
        await bench.keep(`${what}-${language}-${scheme}-${viewport.width}`);
        expect({ what, barriers: await bench.barriers() }).toEqual({ what, barriers: [] });
        expect({ what, fits: await bench.fits() }).toEqual({ what, fits: true });
      };
      await bench.signIn(at.demo.holder(source.id, 'schoolClerk'));

      await bench.open('/students', t.students);
      await page.locator('tbody').getByRole('link').first().waitFor();
      await seen('students');
      const active = page.locator('tbody tr').filter({ hasText: /在读|studying/ });
      const name = (await active.nth(nth).getByRole('link').innerText()).trim();
      await active.nth(nth).getByRole('link').click();
      await page.getByRole('heading', { name: t.enrolments }).waitFor();
      await seen('dossier');
      expect(page.url()).not.toContain(encodeURIComponent(name));
      expect(await page.title()).not.toContain(name);

      await bench.open('/requests/file', t.file);
      await page.getByLabel(t.find).first().fill(name);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: t.choose }).first().waitFor();
      await seen('find-student');
      await page.getByRole('button', { name: t.choose }).first().click();
      await page.getByRole('button', { name: t.resumption }).filter({ hasText: t.notNow }).waitFor();
      await page.getByRole('button', { name: t.transfer }).first().click();
      await page.getByText(t.needed).waitFor();
      const chooser = page.locator('input[type=file]').first();
      await chooser.setInputFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer: Buffer.from('no document') });
      await page.getByRole('alert').filter({ hasText: t.refused }).waitFor();
      const school = page.getByRole('combobox', { name: t.destination });
      await school.fill(destination.name);
      await page.getByTitle(destination.name).last().click();
      await page.getByText(t.blocked).waitFor();
      await seen('blocked');
      await chooser.setInputFiles({ name: 'form.pdf', mimeType: 'application/pdf', buffer: Buffer.from(pdfSaying(`form ${language}`)) });
      await page.getByRole('textbox', { name: t.reason }).fill('随父母迁居。');
      await page.getByText(t.allowed).waitFor();
      await seen('ready');
      await page.getByRole('button', { name: t.submit, exact: true }).click();
      const done = await page.getByText(t.done).innerText();
      const [number = ''] = /\d{4}-\d{7}/.exec(done) ?? [];
      await seen('filed');
      await page.getByRole('link', { name: t.open }).click();
      await page.getByRole('heading', { level: 1, name: new RegExp(number) }).waitFor();
      await page.getByRole('heading', { name: t.route }).waitFor();
      await seen('request');

      await bench.open('/requests', t.list);
      await page.getByText(t.mine, { exact: true }).click();
      await page.getByRole('link', { name: number }).waitFor();
      expect(page.url()).toContain('filedBy=');
      await seen('requests');
      // Two answers are refusals that the page shows: what is still needed, and the file that is no document.
      expect(bench.wrong.filter((text) => !/\b(415|422)\b/.test(text))).toEqual([]);
      await bench.close();
    },
  );
});
