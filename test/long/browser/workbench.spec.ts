import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { acrossProvinces } from '../../fixtures/demonstration.js';
import { DESKTOP, PHONE, workplace, Workbench, type Look } from '../../fixtures/pages.js';
import { Story, until } from '../../fixtures/story.js';

const BUDGET_BYTES = 300_000;

describe('the workbench', () => {
  const at = workplace();

  const opened = async (look: Look, work: (bench: Workbench) => Promise<void>) => {
    const bench = await Workbench.of(at.system, at.browser, look);
    await work(bench);
    await bench.close();
  };
  const schools = () => acrossProvinces(at.demo);
  const reviewerOf = (id: string) => at.demo.holder(id, 'schoolReviewer');
  /** A transfer whose first task is open. */
  const filed = async () => {
    const story = await Story.transfer(at.system, at.demo, schools());
    const task = await story.task('sourceSchool');
    return { story, task, number: (await story.show()).number };
  };

  describe('as a server gives it', () => {
    const page = (address: string) => fetch(`${at.system.url}${address}`);

    it('runs no script but its own, and keeps no page but its hashed files', async () => {
      const index = await page('/tasks');
      const policy = index.headers.get('content-security-policy') ?? '';
      expect(policy).toContain(`default-src 'none'; script-src 'self'; style-src 'self' 'nonce-`);
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(index.headers.get('cache-control')).toBe('no-cache');
      const html = await index.text();
      expect(html).not.toMatch(/<script(?![^>]* src=)/);
      const [, script = ''] = /src="(\/assets\/[\w.-]+\.js)"/.exec(html) ?? [];
      const asset = await page(script);
      expect(asset.headers.get('cache-control')).toContain('immutable');
      expect(asset.headers.get('content-encoding')).toMatch(/^(br|gzip)$/);
      expect((await page('/')).headers.get('content-security-policy')).not.toBe(policy); // another number
    });

    it('leaves every other address to the API', async () => {
      expect((await page('/no-such-page')).status).toBe(404);
      expect((await page('/assets/..%2findex.html')).status).toBe(404);
      for (const address of ['/verify', '/problems', '/openapi.json']) {
        const { headers } = await page(address);
        expect(headers.get('content-security-policy')).not.toContain('nonce');
      }
    });
  });

  it.each([
    ['zh', 'light', DESKTOP],
    ['en', 'dark', DESKTOP],
    ['zh', 'dark', PHONE],
    ['en', 'light', PHONE],
  ] as const)('is open to everybody: %s, %s', async (language, scheme, viewport) => {
    const { story, task, number } = await filed();
    const name = (page: string) => `${page}-${language}-${scheme}-${viewport.width}`;
    await opened({ language, scheme, viewport }, async (bench) => {
      const { page } = bench;
      const seen = async (what: string) => {
        await bench.keep(name(what));
        expect({ what, barriers: await bench.barriers() }).toEqual({ what, barriers: [] });
        expect({ what, fits: await bench.fits() }).toEqual({ what, fits: true });
      };
      await page.goto(`${at.system.url}/`);
      await page.getByRole('heading', { level: 1, name: language === 'zh' ? '登录' : 'Sign in' }).waitFor();
      await page.getByRole('listitem').first().waitFor();
      await seen('sign-in');
      await bench.signIn(reviewerOf(story.source.id));
      await page.getByRole('link', { name: number }).waitFor();
      expect(await page.evaluate('document.documentElement.lang')).toBe(language === 'zh' ? 'zh-CN' : 'en');
      await seen('desk');
      await bench.open('/tasks', language === 'zh' ? '待办与已办' : 'Tasks');
      await page.getByRole('link', { name: number }).waitFor();
      await seen('inbox');
      await bench.open(`/tasks/${task.id}`, new RegExp(number));
      await page.getByRole('heading', { name: language === 'zh' ? '变更内容' : 'What changes' }).waitFor();
      await page.getByRole('button', { name: language === 'zh' ? '期限怎么算' : 'Why this day?' }).click();
      await seen('task');
      expect(await page.title()).toMatch(new RegExp(`^${number} `));
      expect(bench.wrong).toEqual([]);
    });
  });

  it('carries a transfer between provinces through its four reviewers', async () => {
    const { story, number } = await filed();
    for (const step of ['sourceSchool', 'destinationSchool', 'sourceAuthority', 'destinationAuthority']) {
      const task = await story.task(step);
      const office = at.demo.organisations.get(task.holder.id)?.level === 'school' ? 'schoolReviewer' : 'authorityReviewer';
      await opened({}, async (bench) => {
        const { page } = bench;
        await bench.signIn(at.demo.holder(task.holder.id, office));
        await page.getByRole('link', { name: number }).click();
        await page.getByRole('radiogroup').getByText('同意', { exact: true }).click();
        await page.getByRole('textbox', { name: '办理意见说明' }).fill('材料齐全，同意。');
        await page.getByRole('button', { name: '同意' }).click();
        await page.getByText('此任务已办理').waitFor();
        expect(bench.wrong).toEqual([]);
      });
    }
    expect((await story.settled()).state).toBe('approved');
  });

  it('loses nothing that was typed when a colleague decides meanwhile', async () => {
    const { story, task, number } = await filed();
    await opened({}, async (bench) => {
      const { page } = bench;
      await bench.signIn(reviewerOf(story.source.id));
      await bench.open(`/tasks/${task.id}`, new RegExp(number));
      await page.getByRole('radiogroup').getByText('同意', { exact: true }).click();
      const opinion = page.getByRole('textbox', { name: '办理意见说明' });
      await opinion.fill('家长已到校说明。');
      expect((await story.decide('approve', { nth: 0 })).status).toBe(200);
      await page.getByRole('button', { name: '同意' }).click();
      await page.getByRole('alert').filter({ hasText: '您填写的内容' }).first().waitFor();
      expect(await opinion.inputValue()).toBe('家长已到校说明。');
    });
  });

  it('sends a decision once, though the network was cut when it was given', async () => {
    const { story, task, number } = await filed();
    await opened({}, async (bench) => {
      const { page, context } = bench;
      await bench.signIn(reviewerOf(story.source.id));
      await bench.open(`/tasks/${task.id}`, new RegExp(number));
      await page.getByRole('radiogroup').getByText('同意', { exact: true }).click();
      // The first answer is lost on its way, after the decision was written.
      let lost = 0;
      await context.route('**/decision', async (route) => {
        if (lost++ > 0) return route.continue();
        await route.fetch();
        return route.abort('connectionreset');
      });
      await page.getByRole('button', { name: '同意' }).click();
      await page.getByText('此任务已办理').waitFor();
      const { timeline } = (await story.show()) as unknown as { timeline: { kind: string; step?: string }[] };
      expect(timeline.filter(({ kind, step }) => kind === 'decided' && step === 'sourceSchool')).toHaveLength(1);
      expect(lost).toBeGreaterThan(1);
    });
  });

  it('decides several together after a trial, and is worked by keys', async () => {
    const [one, other] = [await filed(), await filed()];
    await opened({}, async (bench) => {
      const { page } = bench;
      await bench.signIn(reviewerOf(one.story.source.id));
      await bench.open('/tasks', '待办与已办');
      for (const { number } of [one, other]) await page.getByRole('checkbox', { name: `选择 ${number}` }).check();
      await page.getByRole('button', { name: '批量办理 2 件' }).click();
      await page.getByRole('button', { name: '先试算' }).click();
      await page.getByRole('button', { name: '办理其中可办的 2 件' }).click();
      await page.getByText('：已办理').first().waitFor();
      await bench.keep('batch');
      expect(await bench.barriers()).toEqual([]);
      await page.getByRole('dialog').getByRole('button', { name: '关闭' }).last().click();
      await until(
        () => page.getByRole('link', { name: one.number }).count(),
        (count) => count === 0,
        'the decided task to leave the list',
      );
      await page.keyboard.press('j');
      await page.keyboard.press('o');
      await page.waitForURL(/\/tasks\/[\da-f-]{36}$/);
    });
  });

  it('needs at most 300 kB of script for the desk', async () => {
    await opened({}, async (bench) => {
      const { page } = bench;
      await bench.signIn(reviewerOf(schools()[0].id));
      const loaded = new Set<string>();
      page.on('response', (response) => {
        const { pathname } = new URL(response.url());
        if (pathname.endsWith('.js')) loaded.add(pathname);
      });
      await bench.open('/', '工作台');
      const sizes = [...loaded].map((name) => gzipSync(readFileSync(path.join('dist', 'web', name)), { level: 9 }).length);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      expect(total).toBeGreaterThan(0);
      expect(total).toBeLessThanOrEqual(BUDGET_BYTES);
    });
  });
});
