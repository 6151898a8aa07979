import fc from 'fast-check';
import { ApiClient } from '../fixtures/client.js';
import { Demonstration } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';
import { claim, filed, inParallel, parked, ruling, type Begun, type Scene } from './who-may/cases.js';
import { castOf, placesOf, type Person, type Places } from './who-may/cast.js';
import { Declared } from './who-may/declared.js';
import { DUTIES } from './who-may/duties.js';
import { OFFICE_DUTIES } from './who-may/offices.js';
import { Stage } from './who-may/stage.js';
import { Offices } from './who-may/probe.js';
import { ledgerThatMayBeFull, Seen } from './who-may/told.js';
import { Walk } from './who-may/walk.js';
import { LONG, long, sized } from '../fixtures/profile.js';

/** What appends no act, or one of nobody's business but one's own: sessions and settings, questions, uploads, and dry runs. */
const NO_ACTS = [
  'exports',
  'intakes/roster/check',
  'intakes/roster/marked',
  'imports/sheet/marked',
  'sessions',
  // of a student's session, and of the public
  'student-sessions',
  'delete student-sessions/current',
  'own-dossier/objections',
  'verification-codes',
  'delete verification-codes/{id}',
  'verifications',
  'delete sessions/current',
  'browser-sessions',
  'browser-sessions/demonstration',
  'delete browser-sessions/current',
  'delete me/sessions',
  'delete me/sessions/{id}',
  'put me/password',
  'put me/phrases',
  'put drafts/{id}',
  'delete drafts/{id}',
  'notifications/read',
  'webhooks/{id}/test',
  'operations/incidents/acknowledgement',
  'put notifications/preferences',
  'evidence',
  'students/lookup',
  'change-requests/search',
  'tasks/search',
  'students/search',
  'change-requests/precheck',
  'policies/{id}/versions/{version}/preview',
  'calendar/notices',
  'code-sets/{name}/versions/preview',
  'codec/decode',
];
/** Moves on many cases at once, each by the rules of the single move. */
const BATCHES = ['tasks/decisions', 'operations/reroutes'];

describe('who may do what, behind every endpoint', () => {
  let system: System;
  let demo: Demonstration;
  let places: Places;
  let cast: Person[];
  let declared: Declared;
  const seen = new Seen();
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', settings: { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_AUDIENCE: 'xueji' } });
    await staySignedIn(system);
    system.time.jumpTo('2026-11-30', 9); // one day for all runs, for the walks that are told beforehand to be the same
    demo = await Demonstration.of(system);
    places = placesOf(demo);
    cast = await castOf(system, demo, places);
    declared = await Declared.of(system);
    await ledgerThatMayBeFull(system);
  });
  afterAll(() => system?.stop());

  it('has a duty for every endpoint that appends acts, and none beside', async () => {
    const { paths } = (await (await fetch(`${system.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { parameters?: { name: string }[] }>>;
    };
    const writing = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { parameters = [] }]) => {
        const endpoint = `${method === 'post' ? '' : `${method} `}${path.slice('/api/v1/'.length)}`;
        return method === 'get' ? [] : [{ endpoint, keyed: parameters.some(({ name }) => name === 'Idempotency-Key') }];
      }),
    );
    const endpoints = (keyed: boolean) => writing.flatMap((one) => (one.keyed === keyed ? [one.endpoint] : [])).sort();
    const ofOffices = new Set(OFFICE_DUTIES.map(({ endpoint }) => endpoint));
    expect(endpoints(true)).toEqual([...Object.keys(DUTIES), ...BATCHES, ...ofOffices].sort());
    expect(endpoints(false)).toEqual([...NO_ACTS].sort());
  });

  it('lets nobody in who is not signed in', async () => {
    const nobody = new ApiClient(system.url);
    for (const endpoint of [...Object.keys(DUTIES), ...BATCHES, ...OFFICE_DUTIES.map((duty) => duty.endpoint)]) {
      const [path = '', method = 'post'] = endpoint.split(' ').reverse();
      const answer = await nobody.send(method.toUpperCase(), `/${path.replace(/\{\w+\}/g, places.source.id)}`);
      expect([endpoint, answer.status, answer.body.code]).toEqual([endpoint, 401, 'unauthenticated']);
    }
  });

  const scene = (): Scene => ({ system, demo, places, cast, seen, declared });
  const walked = async (seed: number, turns: number) => {
    system.time.jumpTo('2026-12-01', 9);
    const walk = await Walk.of(scene(), await filed(scene(), seed), seed);
    for (let n = 0; n < turns; n += 1) await walk.turn();
    await walk.ends();
  };

  const retry = 'change-requests/{id}/retry';
  it('is what the duties say while the effect is parked too: an operator alone may have it tried again', async () => {
    const walk = await Walk.of(scene(), await parked(scene()), 1);
    for (let turns = 0; turns < 6 && !seen.done.has(retry); turns += 1) await walk.turn();
    expect([seen.done.has(retry), [...(seen.refused.get(retry) ?? [])]]).toEqual([true, expect.arrayContaining(['not-your-office'])]);
    await asOwner(system, 'update organisation set closed_on = null where closed_on is not null');
    await walk.ends();
  });

  it('is what the duties say, for everybody and at every standing; and who may, leaves one act, theirs, in the timeline', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(), fc.integer({ min: 2, max: 5 }), walked), {
      numRuns: sized(1, 5),
      examples: (LONG ? [1, 2, 3] : [1]).map((seed) => [seed, 6]),
      endOnFailure: true,
    });
    if (!LONG) return;
    const missing = () => Object.keys(DUTIES).filter((endpoint) => !seen.admitted.has(endpoint) && !seen.done.has(endpoint));
    for (let seed = 10; missing().length > 0 && seed < 90; seed += 1) await walked(seed, 2);
    expect(missing()).toEqual([]);
    expect([...seen.refused.keys()].sort()).toEqual(Object.keys(DUTIES).sort());
    expect(seen.standings.size).toBeGreaterThan(8);
  });

  const SHAPES: Readonly<Record<string, (scene: Scene) => Promise<Begun>>> = { inParallel, claim, ruling };
  long.each(Object.keys(SHAPES))(
    'is what the duties say on a case of another shape: %s',
    async (shape) => {
      system.time.jumpTo('2026-12-01', 9);
      const before = seen.done.get('tasks/{id}/decision') ?? 0;
      const walk = await Walk.of(scene(), await SHAPES[shape]!(scene()), 1, true);
      for (let turns = 0; turns < 24 && (turns < 2 || seen.done.get('tasks/{id}/decision') === before); turns += 1) await walk.turn();
      expect(seen.done.get('tasks/{id}/decision')).toBeGreaterThan(before);
      await walk.ends();
    },
    120_000,
  );

  it('is what the offices are for where it is no move on a case: who may, leaves the acts, in that office', async () => {
    const stage = await Stage.set(system, demo, places);
    const offices = new Offices(system, stage, [...cast, ...(await stage.others(cast))], declared);
    await offices.probed();
    await offices.done();
  });
});
