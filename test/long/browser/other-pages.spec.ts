import type { Browser } from 'playwright-core';
import { addDays } from '../../../src/domain/working-days.js';
import { acrossProvinces, Demonstration } from '../../fixtures/demonstration.js';
import { DESKTOP, launched, PHONE, withWorkbench, Workbench, type Look } from '../../fixtures/pages.js';
import { manyTasks } from '../../fixtures/many-tasks.js';
import { Story } from '../../fixtures/story.js';
import { startSystem, type System } from '../../fixtures/system.js';

/** A page of an office: its address, its heading in both languages. */
type Opened = readonly [address: string, zh: string, en: string];

const ACCOUNT: readonly Opened[] = [
  ['/notifications', '通知', 'Notifications'],
  ['/notifications?view=preferences', '通知', 'Notifications'],
  ['/account', '我的账号', 'My account'],
  ['/account?view=sessions', '我的账号', 'My account'],
  ['/account?view=proxies', '我的账号', 'My account'],
];
const SUPERVISION: readonly Opened[] = [
  ['/supervision', '督办', 'Supervision'],
  ['/supervision?view=tasks', '督办', 'Supervision'],
  ['/supervision?view=stale', '督办', 'Supervision'],
  ['/supervision?view=urges', '督办', 'Supervision'],
  ['/supervision?view=bulletin', '督办', 'Supervision'],
];

const TERMS: readonly Opened[] = [['/terms', '学期注册', 'Registration of the term']];
const ADMINISTRATION: readonly Opened[] = [
  ['/administration', '机构管理', 'Administration'],
  ['/administration?view=offices', '机构管理', 'Administration'],
  ['/administration?view=grants', '机构管理', 'Administration'],
  ['/administration?view=heads', '机构管理', 'Administration'],
  ['/administration?view=webhooks', '机构管理', 'Administration'],
  ['/administration?view=programmes', '机构管理', 'Administration'],
  ['/calendar', '工作日历', 'Working-day calendar'],
];
const OPERATIONS: readonly Opened[] = [
  ['/operations', '运行', 'Operations'],
  ['/operations?view=incidents', '运行', 'Operations'],
  ['/operations?view=health', '运行', 'Operations'],
];

const LOOKS = [
  ['zh', 'light', DESKTOP],
  ['en', 'dark', DESKTOP],
  ['zh', 'light', PHONE],
] as const;

describe('the pages of supervisors, administrators and operators, and everybody’s own', () => {
  let system: System;
  let browser: Browser;
  let demo: Demonstration;
  beforeAll(async () => {
    withWorkbench();
    system = await startSystem({ engine: 'server' });
    demo = await Demonstration.of(system);
    browser = await launched();
    const story = await Story.transfer(system, demo, acrossProvinces(demo));
    await story.task('sourceSchool');
    const day = system.time.today();
    await manyTasks(system, 400, addDays(day, -40), addDays(day, 3));
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  const opened = (look?: Look) => Workbench.of(system, browser, look);
  const school = () => acrossProvinces(demo)[0];
  const above = () => demo.organisations.get(school().parentId ?? '')?.id ?? '';
  const PEOPLE: readonly (readonly [what: string, who: () => string, pages: () => readonly Opened[]])[] = [
    ['a reviewer of a school', () => demo.holder(school().id, 'schoolReviewer'), () => ACCOUNT],
    ['a clerk of a school', () => demo.holder(school().id, 'schoolClerk'), () => TERMS],
    ['a supervisor', () => demo.holder(above(), 'authoritySupervisor'), () => [...SUPERVISION, ...TERMS]],
    ['an administrator', () => demo.holder(above(), 'orgAdmin'), () => ADMINISTRATION],
    ['an operator', () => 'operator', () => OPERATIONS],
  ];

  const every = PEOPLE.flatMap(([what, who, pages]) => LOOKS.map((look) => ({ what, who, pages, look })));
  it.each(every)('are open to $what: $look.0, $look.1, $look.2.width', async ({ who, pages, look: [language, scheme, viewport] }) => {
    const bench = await opened({ language, scheme, viewport });
    await bench.signIn(who());
    for (const [address, zh, en] of pages()) {
      await bench.open(address, language === 'zh' ? zh : en);
      await bench.page.waitForLoadState('networkidle');
      await bench.keep(`${address.slice(1).replaceAll(/\W+/g, '-')}-${language}-${scheme}-${viewport.width}`);
      expect({ address, barriers: await bench.barriers() }).toEqual({ address, barriers: [] });
      expect({ address, fits: await bench.fits() }).toEqual({ address, fits: true });
    }
    expect(bench.wrong).toEqual([]);
    await bench.close();
  });

  it('lead a supervisor from the counts to the tasks, and to an urge', async () => {
    const bench = await opened();
    const { page } = bench;
    await bench.signIn(demo.holder(above(), 'authoritySupervisor'));
    await bench.open('/supervision?by=school', '督办');
    await page.getByRole('table').getByRole('link').first().click();
    await page.waitForURL(/organisationId=/);
    await page
      .getByRole('button', { name: /^督办 G-/ })
      .first()
      .click();
    await page.getByRole('dialog').getByLabel('督办内容').waitFor();
    await bench.keep('urge');
    expect(await bench.barriers()).toEqual([]);
    await bench.close();
  });

  it('show an administrator the one-time password of a new person once', async () => {
    const bench = await opened();
    const { page } = bench;
    await bench.signIn(demo.holder(above(), 'orgAdmin'));
    await bench.open('/administration', '机构管理');
    await page.getByRole('button', { name: '新增人员' }).click();
    await page.getByRole('textbox', { name: '姓名' }).fill('林知秋');
    await page.getByRole('textbox', { name: '用户名' }).fill('lin.zhiqiu');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.getByText('此密码只显示这一次').waitFor();
    await bench.keep('one-time-password');
    expect(await bench.barriers()).toEqual([]);
    await page.getByRole('button', { name: '知道了' }).click();
    await page.getByRole('cell', { name: 'lin.zhiqiu' }).waitFor();
    // A dialog keeps the page behind it from scrolling by a style that the policy refuses; without it the page is as usable.
    expect(bench.wrong.filter((one) => !one.includes('Applying inline style'))).toEqual([]);
    await bench.close();
  });
});
