import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { chromium as driver, type Browser, type Page } from 'playwright-core';
import { chromium } from '../../local/chromium.js';
import { freePort } from '../../local/ports.js';
import { startTemporal, type RunningTemporal } from '../../local/temporal.js';
import { acrossProvinces, Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Rehearsal } from '../organisation-changes/rehearsal.js';
import { workflowTypes } from '../workflows/histories.js';
import { TALES } from '../workflows/tales.js';
import { long } from '../fixtures/profile.js';

/** Chromium would else look for its maker's services at every start. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** A busy machine takes half a minute to draw the documentation of the API, which has more than a hundred routes. */
const WAITS = 120_000;
const VIEWPORT = { width: 1400, height: 1000 };

/** With SCREENSHOTS set to a folder, the pages are kept there as pictures. */
const keep = async (page: Page, name: string): Promise<void> => {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${name}.png`) });
};

describe('what an operator sees in the browser', () => {
  let temporal: RunningTemporal;
  let system: System;
  let browser: Browser;
  let page: Page;
  let demo: Demonstration;
  let story: Story;
  let run: string;

  beforeAll(async () => {
    const dir = mkdtempSync(path.join(process.env.TEST_ENGINES_DIR ?? '', 'ui-'));
    temporal = await startTemporal({
      dir,
      port: await freePort(),
      uiPort: await freePort(),
      headless: false,
      logFile: path.join(dir, 'temporal.log'),
    });
    system = await startSystem({ engine: 'server', temporalAddress: temporal.address });
    demo = await Demonstration.of(system);
    story = await Story.transfer(system, demo, acrossProvinces(demo));
    await story.decide('approve', { step: 'sourceSchool' });
    await story.decide('approve', { step: 'destinationSchool' });
    await story.task('sourceAuthority');
    const { number } = await story.show();
    const { runId } = await system.client.workflow.getHandle(`transfer/${number}`).describe();
    run = `${temporal.uiUrl}/namespaces/default/workflows/transfer%2F${number}/${runId}`;
    browser = await driver.launch({ executablePath: await chromium(), args: ARGS });
    page = await browser.newPage({ viewport: VIEWPORT });
    page.setDefaultTimeout(WAITS);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
    await temporal?.stop();
  });

  it('tells the story of a case in its timeline: tasks opened, and what each timer waits for', async () => {
    await page.goto(`${run}/timeline`);
    await page.getByText(`提醒 remind, 3 working days left: ${story.source.name}`).first().waitFor();
    await page.getByText('openTask').first().waitFor();
    await keep(page, 'temporal-timeline');
  });

  it('says in words who holds the case and until when', async () => {
    const task = await story.task('sourceAuthority');
    await page.goto(`${run}/user-metadata`);
    // the UI shows summary and details each in a frame of its own, which it replaces while it loads
    const words = () =>
      Promise.all(
        page.frames().map((frame) =>
          frame
            .locator('body')
            .innerText()
            .catch(() => ''),
        ),
      );
    const shown = await until(
      async () => (await words()).join('\n'),
      (text) => text.includes('Waiting for'),
      'the current details',
    );
    expect(shown).toContain(`转学 ${story.source.name} → ${story.destination.name}`);
    expect(shown).toMatch(new RegExp(`等待 Waiting for .*期限 due ${task.dueDate}`));
    await keep(page, 'temporal-details');
  });

  it('lists the cases that an office holds, by kind', async () => {
    const task = await story.task('sourceAuthority');
    const { code } = task.holder as { code?: string };
    await page.goto(
      `${temporal.uiUrl}/namespaces/default/workflows?query=${encodeURIComponent(`HolderOrg="${code}" AND WorkflowType="transfer"`)}`,
    );
    await page
      .getByText(`transfer/${(await story.show()).number}`)
      .first()
      .waitFor();
    await keep(page, 'temporal-list');
  });

  long('lists every type of workflow under its own name: each change, the ruling, the order, the merger and the closure', async () => {
    for (const [name, tale] of Object.entries(TALES.server)) if (name !== 'approved-within-a-county') await tale(system, demo);
    const [successor, merged] = withinACounty(demo);
    const [, closed] = acrossProvinces(demo);
    await Rehearsal.started(system, demo, merged, successor);
    await Rehearsal.started(system, demo, closed);
    const workflows = `${temporal.uiUrl}/namespaces/default/workflows`;
    for (const type of workflowTypes()) {
      await page.goto(`${workflows}?query=${encodeURIComponent(`WorkflowType="${type}"`)}`);
      const row = page
        .getByRole('row')
        .filter({ hasText: `${type}/` })
        .first();
      await row.getByText(type, { exact: true }).first().waitFor();
    }
    await page.setViewportSize({ width: 1700, height: 1340 }); // the whole list with its types
    await page.goto(workflows);
    await page.getByText('schoolClosure/').first().waitFor();
    await keep(page, 'kinds');
    await page.setViewportSize(VIEWPORT);
  });

  it('reads the API from its own page', async () => {
    await page.goto(`${system.url}/docs`);
    await page.locator('.opblock').first().waitFor();
    const seen = page.getByText('/api/v1/change-requests/{id}/supplement');
    // Of so many operations the page draws those in sight.
    for (let turns = 0; turns < 200 && (await seen.count()) === 0; turns += 1) await page.mouse.wheel(0, 300);
    await seen.first().waitFor();
    await keep(page, 'api-docs');
  });
});
