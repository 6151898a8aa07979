import type { Browser } from 'playwright-core';
import { acrossProvinces, Demonstration } from '../../fixtures/demonstration.js';
import { DESKTOP, launched, PHONE, withWorkbench, Workbench, type Look } from '../../fixtures/pages.js';
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
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  const opened = async (look: Look, work: (bench: Workbench) => Promise<void>) => {
    const bench = await Workbench.of(system, browser, look);
    await work(bench);
    await bench.close();
  };
  const school = () => acrossProvinces(demo)[0];
  const above = () => demo.organisations.get(school().parentId ?? '')?.id ?? '';
  const PEOPLE: readonly (readonly [what: string, who: () => string, pages: () => readonly Opened[]])[] = [
    ['a reviewer of a school', () => demo.holder(school().id, 'schoolReviewer'), () => ACCOUNT],
    ['a supervisor', () => demo.holder(above(), 'authoritySupervisor'), () => SUPERVISION],
  ];

  const every = PEOPLE.flatMap(([what, who, pages]) => LOOKS.map((look) => ({ what, who, pages, look })));
  it.each(every)('are open to $what: $look.0, $look.1, $look.2.width', async ({ who, pages, look: [language, scheme, viewport] }) => {
    await opened({ language, scheme, viewport }, async (bench) => {
      await bench.signIn(who());
      for (const [address, zh, en] of pages()) {
        await bench.open(address, language === 'zh' ? zh : en);
        await bench.page.waitForLoadState('networkidle');
        await bench.keep(`${address.slice(1).replaceAll(/\W+/g, '-')}-${language}-${scheme}-${viewport.width}`);
        expect({ address, barriers: await bench.barriers() }).toEqual({ address, barriers: [] });
        expect({ address, fits: await bench.fits() }).toEqual({ address, fits: true });
      }
      expect(bench.wrong).toEqual([]);
    });
  });
});
