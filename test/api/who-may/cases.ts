import { Chance } from '../../../src/demo/chance.js';
import { ByHand } from '../../fixtures/by-hand.js';
import type { Demonstration, DemoOrganisation } from '../../fixtures/demonstration.js';
import { Dispute } from '../../fixtures/disputes.js';
import { asOwner } from '../../fixtures/owner.js';
import { Story } from '../../fixtures/story.js';
import type { System } from '../../fixtures/system.js';
import type { Person, Places } from './cast.js';
import { same, type Seen } from './told.js';
import type { Declared } from './declared.js';

/** Where the cases are walked, by whom, and what has been seen of it. */
export interface Scene {
  readonly system: System;
  readonly demo: Demonstration;
  readonly places: Places;
  readonly cast: readonly Person[];
  readonly seen: Seen;
  readonly declared: Declared;
}

/** A case that is filed, and the schools that it is about. */
export interface Begun {
  readonly story: Story;
  readonly about: readonly DemoOrganisation[];
}

const between = async ({ system, demo }: Scene, about: [DemoOrganisation, DemoOrganisation]): Promise<Begun> => ({
  story: await Story.transfer(system, demo, about),
  about,
});

/** One of three kinds of case, by chance. */
export async function filed(scene: Scene, seed: number): Promise<Begun> {
  const { system, demo, places } = scene;
  const { source, neighbour, destination } = places;
  const suspension = async (): Promise<Begun> => ({
    story: await Story.within(system, demo, source, { kind: 'suspension', details: { ground: 'illness', until: '2027-08-31' } }),
    about: [source],
  });
  const all = [() => between(scene, [source, destination]), () => between(scene, [source, neighbour]), suspension];
  return all[new Chance(seed).pick([0, 0, 0, 1, 2])]!();
}

/** A transfer that everybody approved, to a school that was closed before the last of them did: its effect is parked. */
export async function parked(scene: Scene): Promise<Begun> {
  const { system, places } = scene;
  const begun = await between(scene, [places.source, places.destination]);
  await approved(system, begun.story, (left) =>
    left === 1
      ? asOwner(system, 'update organisation set closed_on = $2 where id = $1', [places.destination.id, system.time.today()])
      : Promise.resolve(),
  );
  return begun;
}

/** A transfer on which both authorities decide at the same time, as its province has it from now on. */
export async function inParallel(scene: Scene): Promise<Begun> {
  const { system, demo, places } = scene;
  await asOwner(
    system,
    `insert into policy (id, version, organisation_id, effective_from, content, whole)
     select 'in parallel', 1, organisation_id, date '2026-11-01', '{}', jsonb_set(whole, '{kinds,transfer,parallelAuthorities}', 'true')
     from policy where organisation_id = $1 and state = 'activated' order by effective_from desc limit 1`,
    [demo.at(places.source, 'province')],
  );
  const begun = await between(scene, [places.source, places.destination]);
  const stages = (await begun.story.show()).steps
    .filter(({ id }) => id.endsWith('Authority'))
    .map((step) => (step as unknown as { stage: number }).stage);
  same([stages.length, new Set(stages).size], [2, 1], 'the authorities’ stages', stages);
  return begun;
}

/** A claim about a registration that is held against a student of another school (Art 11). */
export async function claim({ system, demo, places }: Scene): Promise<Begun> {
  const dispute = await Dispute.between(system, demo, [places.destination, places.source]);
  return { story: await dispute.claim('B'), about: [places.source] };
}

/** A ruling between two schools of one authority, which decides once on both of their claims (A5). */
export async function ruling({ system, demo, places }: Scene): Promise<Begun> {
  const about = [places.neighbour, places.source] as const;
  const dispute = await Dispute.between(system, demo, [...about]);
  const process = new ByHand(system);
  const ours = await dispute.claim('B');
  await approved(system, ours);
  const [theirs] = await asOwner<{ id: string }[]>(
    system,
    `select id from change_request where kind = 'registrationException' and student_id = $1 and state = 'open'`,
    [dispute.studentA],
  );
  if (theirs) {
    const asked = ours.later(theirs.id, await dispute.claimant('A'));
    await process.settle(asked.id);
    await dispute.handIn(asked);
    await approved(system, asked);
  }
  await process.settle(ours.id);
  const { duplicates } = await dispute.registration();
  const id = duplicates[0]?.rulingRequestId;
  if (!id) throw new Error('no ruling was opened');
  await process.settle(id);
  return { story: ours.later(id, ours.filer), about };
}

/** Everybody approves whatever is open, until nothing is; told before each approval how many steps are left. */
async function approved(system: System, story: Story, before: (left: number) => Promise<unknown> = () => Promise.resolve()): Promise<void> {
  const process = new ByHand(system);
  for (;;) {
    await process.settle(story.id);
    const { currentTasks, steps } = await story.show();
    if (currentTasks.length === 0) return;
    await before(steps.filter(({ state }) => state !== 'approved').length);
    same((await story.decide('approve')).status, 200, 'an approval', currentTasks);
  }
}
