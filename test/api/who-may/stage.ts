import { randomUUID } from 'node:crypto';
import ExcelJS from 'exceljs';
import { endOfIntake, intakeCode } from '../../../src/domain/terms/registration-period.js';
import { addDays, instantOf } from '../../../src/domain/working-days.js';
import { ByHand } from '../../fixtures/by-hand.js';
import { listing, openMajors, type CatalogueDraft } from '../../fixtures/catalogues.js';
import { APPROVER, DRAFTER, daysOf, draftOf, type Day } from '../../fixtures/calendar.js';
import { as, type ApiClient } from '../../fixtures/client.js';
import { acrossProvinces, type Demonstration, type DemoOrganisation } from '../../fixtures/demonstration.js';
import { asOwner } from '../../fixtures/owner.js';
import { DOCUMENT } from '../../fixtures/packs.js';
import { freshNumber, somebody } from '../../fixtures/registrations.js';
import { Story } from '../../fixtures/story.js';
import { unmasked } from '../../fixtures/unmasked.js';
import type { System } from '../../fixtures/system.js';
import { personOf, type Person, type Places } from './cast.js';

/** A report 备案 of a transfer between provinces, with its school and the province that it is addressed to. */
export interface Notice {
  readonly id: string;
  readonly school: DemoOrganisation;
  readonly province: DemoOrganisation;
}

const { filingNumber: _filed, ...APPROVAL } = DOCUMENT;

/** What the test has set up for everybody to ask about, each thing in the state in which it can be asked for. */
export class Stage {
  readonly notices: Notice[] = [];
  /** Ids, by what they name. */
  readonly ids: Record<string, string> = {};
  readonly evidence = new Map<string, string>();
  readonly students: { id: string; number: string }[] = [];
  programme = { grade: '', majorCode: '' };
  days: Day[] = [];
  catalogueDraft: CatalogueDraft = listing([]);
  principal = '';
  sheet = new Blob([]);
  /** A transfer that took effect. */
  moved?: { readonly id: string; readonly from: DemoOrganisation; readonly to: DemoOrganisation };

  private constructor(
    readonly system: System,
    readonly demo: Demonstration,
    readonly places: Places,
    /** A school that was closed, for which its authority acts. */
    readonly closed: DemoOrganisation,
  ) {}

  static async set(system: System, demo: Demonstration, places: Places): Promise<Stage> {
    const taken = new Set(Object.values(places).map(({ id }: DemoOrganisation) => id));
    const [here, there] = acrossProvinces(demo);
    const closed = demo.schools().find(({ id }) => !taken.has(id) && id !== here.id && id !== there.id);
    if (!closed) throw new Error('no school is left to be closed');
    const stage = new Stage(system, demo, places, closed);
    await stage.accounts();
    await stage.supervision();
    await stage.rules();
    await stage.hooks();
    await stage.reports(await Story.transfer(system, demo, [here, there]));
    await stage.cohorts();
    await stage.terms();
    await stage.windows();
    await stage.intake();
    return stage;
  }

  get today(): string {
    return this.system.time.today();
  }
  get home(): DemoOrganisation {
    return this.above(this.places.source)[0] as DemoOrganisation;
  }
  get province(): DemoOrganisation {
    return this.above(this.places.source).find(({ level }) => level === 'province') as DemoOrganisation;
  }
  readonly above = (at: DemoOrganisation): DemoOrganisation[] => this.demo.superiors(at);
  readonly instant = (days: number): string => new Date(instantOf(addDays(this.today, days))).toISOString();
  readonly holder = (at: DemoOrganisation, office: string, nth = 0): Promise<ApiClient> =>
    as(this.system, this.demo.holders(at.id, office)[nth] as string);

  /** Who has to do with what is on this stage alone, and whoever else is asked in vain. */
  async others(cast: readonly Person[]): Promise<Person[]> {
    const { demo, system, closed, notices } = this;
    const known = new Set(cast.map(({ username }) => username));
    const places = [
      closed,
      ...this.above(closed),
      this.home,
      ...this.above(this.home),
      ...notices.flatMap(({ school, province }) => [school, province]),
    ];
    const here = new Set(places.map(({ id }) => id));
    const names = demo.accounts.filter(({ organisation, username }) => here.has(organisation.id) && !known.has(username));
    return Promise.all([...new Set(names.map(({ username }) => username))].map((username) => personOf(system, username)));
  }

  /** Evidence of one's own, for who has to name some. */
  async evidenceOf({ client, id }: Person): Promise<string> {
    const known = this.evidence.get(id) ?? (await client.evidence());
    this.evidence.set(id, known);
    return known;
  }

  private async accounts(): Promise<void> {
    const { source, neighbour, elsewhere } = this.places;
    const administrator = await this.holder(this.home, 'orgAdmin');
    const spare = { username: this.demo.holder(elsewhere.id, 'schoolClerk'), office: 'schoolClerk', from: this.instant(900) };
    this.ids.office = await made(administrator, `/organisations/${source.id}/offices`, spare);
    const reviews = { username: this.demo.holder(elsewhere.id, 'schoolReviewer'), office: 'schoolReviewer' };
    for (const [name, from, until] of [
      ['toConfirm', 900, 901],
      ['toRefuse', 910, 911],
    ] as const) {
      const term = { from: this.instant(from), until: this.instant(until) };
      this.ids[name] = await made(administrator, `/organisations/${source.id}/offices`, { ...reviews, ...term });
    }
    for (const name of ['toDisable', 'toEnable', 'toReset', 'toBind'])
      this.ids[name] = await made(administrator, `/organisations/${source.id}/people`, {
        username: `${name}.${randomUUID()}`,
        displayName: '新人',
        ...(name === 'toBind' ? { subject: 'first-subject' } : {}),
      });
    await done(administrator, `/people/${this.ids.toEnable}/disabling`, { reason: '离岗' });
    const principal = await this.holder(neighbour, 'schoolReviewer', 1);
    this.principal = (await principal.get<{ id: string }>('/me')).body.id;
    const stand = { username: this.demo.holder(neighbour.id, 'schoolClerk'), office: 'schoolReviewer', organisationId: neighbour.id };
    this.ids.proxy = await made(principal, '/me/proxies', {
      ...stand,
      from: this.instant(900),
      until: this.instant(901),
      reason: '年休假',
    });
  }

  private async supervision(): Promise<void> {
    const { source } = this.places;
    const supervisor = await this.holder(this.home, 'authoritySupervisor');
    const order = { schoolId: source.id, findings: '核查发现材料缺失。', dueDate: addDays(this.today, 30) };
    for (const name of ['toReply', 'toRule', 'toWithdraw']) this.ids[name] = await made(supervisor, '/orders', order);
    await done(await this.holder(source, 'schoolClerk'), `/orders/${this.ids.toRule}/reply`, { reply: '已补。' });
    const entry = { organisationId: source.id, category: 'other', findings: '签字代签。' };
    this.ids.irregularity = await made(supervisor, '/irregularities', entry);
  }

  /** Drafts of the nation's calendar, of a province's days of its own, and of its rules. */
  private async rules(): Promise<void> {
    const [drafter, supervisor] = [await as(this.system, DRAFTER), await this.holder(this.province, 'authoritySupervisor')];
    this.days = await daysOf(this.system, 2026);
    for (const name of ['nationsDraft', 'draftToWithdraw'])
      this.ids[name] = await made(drafter, '/calendar/amendments', draftOf(2026, this.days));
    const overlay = draftOf(2026, [], { provinceId: this.province.id });
    for (const name of ['provincesDraft', 'overlayToWithdraw']) this.ids[name] = await made(supervisor, '/calendar/amendments', overlay);
    this.catalogueDraft = listing(await openMajors(drafter), '799999');
    for (const [name, code] of [
      ['listToActivate', '799998'],
      ['listToWithdraw', '799997'],
    ] as const) {
      const { body } = await drafter.post<{ version: number }>('/code-sets/majors-2021/versions', listing(await openMajors(drafter), code));
      this.ids[name] = String(body.version);
    }
    const pack = { organisationId: this.province.id, document: DOCUMENT, content: {} };
    for (const name of ['packToActivate', 'packToRebase', 'packToRevoke']) {
      const { status, body } = await supervisor.post<{ id: string; version: number }>('/policies', pack);
      if (status !== 201) throw new Error(JSON.stringify(body));
      this.ids[name] = `${body.id}/versions/${body.version}`;
    }
  }

  private async hooks(): Promise<void> {
    const administrator = await this.holder(this.home, 'orgAdmin');
    const hook = { organisationId: this.places.source.id, url: 'https://hooks.example/none' };
    const account = {
      organisationId: this.places.source.id,
      name: '校务平台',
      purpose: '同步',
      offices: ['schoolClerk'],
      areas: ['reading'],
    };
    for (const name of ['keyToRenew', 'serviceToBind', 'serviceToRevoke'])
      this.ids[name] = await made(administrator, '/service-accounts', account);
    for (const name of ['hook', 'hookToRemove']) this.ids[name] = await made(administrator, '/webhooks', hook);
  }

  /** A transfer between provinces takes effect, and is reported to both; one of the reports has been queried. */
  private async reports(story: Story): Promise<void> {
    this.moved = { id: story.id, from: story.source, to: story.destination };
    const process = new ByHand(this.system);
    for (await process.settle(story.id); (await story.show()).state === 'open'; await process.settle(story.id)) {
      const first = await story.decide('approve');
      if (first.status !== 200) throw new Error(JSON.stringify(first.body));
    }
    for (const [school, at, office] of [
      [story.source, story.destination, 'authorityReviewer'],
      [story.destination, story.destination, 'authorityReviewer'],
      [story.source, story.source, 'authorityReviewer'],
    ] as const) {
      const province = this.above(at).find(({ level }) => level === 'province') as DemoOrganisation;
      const { body } = await (
        await this.holder(province, office)
      ).get<{
        items: { id: string; requestId: string; fromSchool: { id: string }; toProvince: { id: string } }[];
      }>('/filing-notices?limit=200');
      const found = body.items.find(
        ({ requestId, fromSchool, toProvince }) => requestId === story.id && fromSchool.id === school.id && toProvince.id === province.id,
      );
      if (!found) throw new Error('no such report');
      this.notices.push({ id: found.id, school, province });
    }
    const [, , third] = this.notices as [Notice, Notice, Notice];
    await done(await this.holder(third.province, 'authorityReviewer'), `/filing-notices/${third.id}/query`, { question: '请补报。' });
  }

  /** A term that has not begun; and of the one under way a student who is registered, and one who is not. */
  get nextTerm(): { code: string; firstDay: string } {
    const year = Number(this.today.slice(0, 4));
    return { code: `${year + 1}-1`, firstDay: `${year + 1}-09-03` };
  }

  private async terms(): Promise<void> {
    const { source } = this.places;
    const [one, other] = await asOwner<{ id: string }[]>(
      this.system,
      `select distinct student_id as id from term_registration
       where school_id = $1 and term_id = (select term_id from term_registration where school_id = $1 order by year desc, nth desc limit 1)
       order by student_id limit 2`,
      [source.id],
    );
    Object.assign(this.ids, { registered: one?.id, unregistered: other?.id });
    // Long after the term began the authority takes back; what is registered today is still the school's own to take back (A20).
    const registrations = `/schools/${source.id}/terms/current/registrations`;
    const [authority] = this.above(source);
    const reviewer = await this.holder(authority as DemoOrganisation, 'authorityReviewer');
    await done(reviewer, `${registrations}/retraction`, { studentIds: [one?.id, other?.id], reason: '误注册' });
    await done(await this.holder(source, 'schoolClerk'), registrations, { studentIds: [one?.id] });
  }

  /** A window of one day, for an intake whose registration ended within the year; the demonstration has one for that of autumn 2026. */
  get window(): object {
    const ended = [-200, -370].map((days) => intakeCode(addDays(this.today, days)));
    const intake = ended.find((code) => code !== '2026-autumn' && endOfIntake(code) < this.today);
    const document = { number: '教职成〔2026〕41号', issuingBody: '教育厅', date: this.today };
    return { provinceId: this.province.id, intake, from: this.today, to: this.today, document };
  }

  /** Somebody whose document the population service does not know. */
  private async intake(): Promise<void> {
    const birthDate = '2010-02-03';
    const person = somebody({ birthDate, document: { type: 'residentId', number: freshNumber(birthDate, 999) } });
    const clerk = await this.holder(this.places.source, 'schoolClerk');
    this.ids.unauthenticated = await made(clerk, '/registrations', { ...person, schoolId: this.places.source.id });
    const [row] = await asOwner<{ id: string }[]>(this.system, 'select intake_id as id from registration where id = $1', [
      this.ids.unauthenticated,
    ]);
    this.ids.intake = row?.id ?? '';
  }

  private async windows(): Promise<void> {
    this.ids.lateWindow = randomUUID();
    await asOwner(
      this.system,
      `insert into late_window (id, province_id, intake, opens_on, closes_on, document, opened_by, opened_at)
       select $1, $2, '2020-spring', $3, $4, $5, person_id, now() from office where organisation_id = $2 limit 1`,
      [this.ids.lateWindow, this.province.id, addDays(this.today, -1), addDays(this.today, 30), APPROVAL],
    );
  }

  /** Students to be moved, one by one and together: of a joint programme, and of a closed school. */
  private async cohorts(): Promise<void> {
    const { closed, system, demo, places } = this;
    const { source, neighbour } = places;
    const clerk = await this.holder(source, 'schoolClerk');
    for (let n = 0; n < 5; n += 1) {
      const id = demo.student(source.id);
      this.students.push({ id, number: (await unmasked(clerk, id)).studentNumber });
    }
    const [first] = await asOwner<[{ grade: string; majorCode: string }]>(
      system,
      `select grade, major_code as "majorCode" from enrolment where student_id = $1 and state = 'active'`,
      [this.students[0]?.id],
    );
    this.programme = first;
    const supervisor = await this.holder(this.home, 'authoritySupervisor');
    this.ids.programme = await made(supervisor, '/joint-programmes', this.agreement([source.id, neighbour.id]));
    this.ids.leaver = demo.student(closed.id);
    this.ids.closure = randomUUID();
    const chief = (await (await this.holder(this.above(closed)[0] as DemoOrganisation, 'authoritySupervisor')).get<{ id: string }>('/me'))
      .body.id;
    await asOwner(system, 'update organisation set closed_on = $2, acting_id = parent_id where id = $1', [
      closed.id,
      addDays(this.today, -1),
    ]);
    await asOwner(
      system,
      `insert into organisation_change (id, kind, state, school_id, effective_on, document, evidence_ids, authority_id, started_by,
        started_at, seen_by)
       select $1, 'closure', 'running', id, closed_on, $4, '{}', parent_id, $3, now(), array[id] || ancestors from organisation
         where id = $2`,
      [this.ids.closure, closed.id, chief, APPROVAL],
    );
    this.sheet = await this.filledSheet(clerk, this.students[4]?.number ?? '');
  }

  agreement(schoolIds: string[]) {
    const { grade, majorCode } = this.programme;
    return {
      name: '2+1联合办学',
      schoolIds,
      majorCodes: [majorCode],
      intakeYear: grade,
      agreement: { number: '联办〔2026〕3号', signedOn: '2026-06-30' },
      from: '2026-01-01',
      to: '2030-08-31',
    };
  }

  private async filledSheet(clerk: ApiClient, studentNumber: string): Promise<Blob> {
    const { token } = clerk as unknown as { token: string };
    const address = `${this.system.url}/api/v1/change-kinds/transfer/sheet`;
    const answer = await fetch(address, { headers: { Authorization: `Bearer ${token}` } });
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(await answer.arrayBuffer());
    const page = book.worksheets[0] as ExcelJS.Worksheet;
    const heads = (page.getRow(1).values as string[]).map((head) => String(head).split(' ').at(-1));
    page.getCell(2, heads.indexOf('studentNumber')).value = studentNumber;
    return new Blob([await book.xlsx.writeBuffer()]);
  }

  /** The nation's second person for its calendar. */
  readonly approver = (): Promise<ApiClient> => as(this.system, APPROVER);
}

async function made(client: ApiClient, path: string, body: object): Promise<string> {
  const answer = await client.post<{ id: string }>(path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

async function done(client: ApiClient, path: string, body: object): Promise<void> {
  const answer = await client.post(path, body);
  if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
}
