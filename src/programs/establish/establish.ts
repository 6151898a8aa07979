import type { DataSource } from 'typeorm';
import type { Clock } from '../../platform/clock.js';
import type { FieldCipher } from '../../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../../platform/database/in-scope.js';
import { LOCKS } from '../../platform/database/locks.js';
import { insertRows } from '../../platform/database/insert-rows.js';
import { HOLDS_OFFICE_AT } from '../../platform/access/offices.sql.js';
import { layFoundations } from '../foundations.js';
import { isOpenTo } from '../../domain/dossier/study.js';
import { majorsInForce, type MajorsInForce } from '../../code-sets/catalogues.store.js';
import { appendNext, append } from '../../platform/ledger/streams.js';
import { issueOneTimePassword } from '../../people/one-time-password.js';
import { dateOf } from '../../domain/working-days.js';
import { newId } from '../../platform/ledger/new-id.js';
import { faultsOf, placesOf, superiorsFirst, type Placed } from './placed.js';
import type { AdministratorEntry, Register, SchoolEntry } from './register.dto.js';

export interface Established {
  readonly organisations: number;
  /** New administrators with their one-time passwords. Known administrators keep theirs. */
  readonly administrators: readonly { readonly username: string; readonly oneTimePassword: string }[];
}

/** Thrown with every fault of the file named; nothing was written. */
export class UnfitRegister extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`机构文件有误 The register is not fit:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

interface Deps {
  readonly clock: Clock;
  readonly cipher: FieldCipher;
}

interface Known extends Placed {
  readonly id: string;
  readonly ancestors: readonly string[];
  readonly provinceId: string | null;
}

const KNOWN = `
  select o.id, o.code, o.name, o.level, o.type, o.division_code as "divisionCode", o.answers_outside as "answersOutside",
    p.code as superior,
    o.ancestors, o.province_id as "provinceId" from organisation o left join organisation p on p.id = o.parent_id`;

/**
 * Enters the organisations and administrators of a register that are not known yet, in one transaction, each with its act. A second run
 * changes nothing, and a file that has grown adds what is new. The acts name nobody, because this program runs with the rights of the
 * database.
 * @throws UnfitRegister
 */
export const establish = (db: DataSource, deps: Deps, register: Register): Promise<Established> =>
  inScope(db, 'system', async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [LOCKS.demonstration]);
    await layFoundations(tx);
    const known = new Map((await tx.query<Known[]>(KNOWN)).map((one) => [one.code, one]));
    const places = placesOf(register);
    const strays = register.administrators.filter(
      ({ organisation }) => !known.has(organisation) && !places.some(({ code }) => code === organisation),
    );
    const majors = await majorsInForce(tx);
    const unknown = register.schools.flatMap(({ code, majors: own }) =>
      own.filter((major) => !majors.has(major)).map((major) => `${code}: the catalogues have no major ${major}`),
    );
    const faults = [...faultsOf(places, known), ...unknown, ...strays.map(({ username }) => `${username}: the organisation is not listed`)];
    if (faults.length > 0) throw new UnfitRegister(faults);
    const fresh = superiorsFirst(places.filter(({ code }) => !known.has(code)));
    const schools = new Map(register.schools.map((school) => [school.code, { ...school, open: majors }]));
    for (const place of fresh) known.set(place.code, await enterOrganisation(tx, deps, place, known, schools.get(place.code)));
    const administrators = [];
    for (const entry of register.administrators) {
      const made = await enterAdministrator(tx, deps, entry, known.get(entry.organisation)?.id ?? '');
      if (made) administrators.push({ username: entry.username, oneTimePassword: made });
    }
    await mustHaveTwoAtTheTop(tx, deps);
    return { organisations: fresh.length, administrators };
  });

/** Nobody is above the nation, so its second administrator confirms what the first one grants. @throws UnfitRegister */
async function mustHaveTwoAtTheTop(tx: Transaction, { clock }: Deps): Promise<void> {
  const [{ n }] = await tx.query<[{ n: number }]>(
    `select count(distinct f.person_id)::int as n from office f join organisation o on o.id = f.organisation_id
       join person p on p.id = f.person_id
     where o.level = 'national' and f.office = 'orgAdmin' and p.disabled_at is null and ${HOLDS_OFFICE_AT('f', '$1')}`,
    [new Date(clock.now())],
  );
  if (n < 2) throw new UnfitRegister(['the national authority needs two administrators: one confirms the offices that the other grants']);
}

async function enterOrganisation(
  tx: Transaction,
  deps: Deps,
  place: Placed,
  known: ReadonlyMap<string, Known>,
  school?: SchoolEntry & { readonly open: MajorsInForce },
): Promise<Known> {
  const { superior: _, ...columns } = place;
  const above = place.superior === null ? undefined : known.get(place.superior);
  const id = newId();
  const parentId = above?.id ?? null;
  const ancestors = above ? [above.id, ...above.ancestors] : [];
  const provinceId = place.level === 'province' ? id : (above?.provinceId ?? null);
  await tx.query(
    `insert into organisation (id, code, name, level, type, parent_id, ancestors, province_id, division_code, answers_outside)
     values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
    [id, place.code, place.name, place.level, place.type, parentId, ancestors, provinceId, place.divisionCode, place.answersOutside],
  );
  const { majors = [], studyModes = [] } = school ?? {};
  if (school) await insertRows(tx, 'school_major', offered(id, school, deps.clock));
  const { code, level, type, divisionCode } = place;
  const body = { code, level, type, parentId, divisionCode, ...(school ? { majors, studyModes } : {}) };
  await append(tx, deps, 'organisation', id, { seq: 0, at: 0 }, { kind: 'established', key: 'established', body });
  return { ...columns, superior: place.superior, id, ancestors, provinceId };
}

/** The majors of a school, to this year's intake and those that study already, as the catalogue has them, until it files its own list. */
function offered(
  schoolId: string,
  { majors, studyModes, open }: Pick<SchoolEntry, 'majors' | 'studyModes'> & { readonly open: MajorsInForce },
  clock: Clock,
) {
  const year = Number(dateOf(clock.now()).slice(0, 4));
  const intakes = Array.from({ length: RUNNING_INTAKES }, (_, n) => String(year - n));
  return intakes.flatMap((intake) =>
    [...new Set(majors)]
      .filter((majorCode) => isOpenTo(open.get(majorCode), intake))
      .flatMap((majorCode) =>
        [...new Set(studyModes)].map((studyMode) => ({ schoolId, intake, majorCode, studyMode, lengthYears: 3, entry: 'juniorMiddle' })),
      ),
  );
}
const RUNNING_INTAKES = 4;

/** The one-time password of a new person; nothing for one who is known, who keeps account and offices as they are. */
async function enterAdministrator(
  tx: Transaction,
  deps: Deps,
  { username, displayName }: AdministratorEntry,
  organisationId: string,
): Promise<string | undefined> {
  const now = new Date(deps.clock.now());
  const [before] = await tx.query<unknown[]>('select 1 from person where username = $1', [username]);
  if (before) return undefined;
  const made = await issueOneTimePassword(now.getTime());
  const personId = newId();
  await tx.query(
    `insert into person (id, username, display_name, password_hash, issued_hash, entered_in, entered_at, password_once_until)
      values ($1,$2,$3,$4,$4,$5,$6,$7)`,
    [personId, username, displayName, made.passwordHash, organisationId, now, made.until],
  );
  await append(tx, deps, 'access', personId, { seq: 0, at: 0 }, { kind: 'entered', body: { personId, organisationId } });
  await tx.query('select 1 from organisation where id = $1 for update', [organisationId]);
  const [officeId, office] = [newId(), 'orgAdmin'];
  await tx.query('insert into office (id, person_id, organisation_id, office, held_from) values ($1,$2,$3,$4,$5)', [
    officeId,
    personId,
    organisationId,
    office,
    now,
  ]);
  const granted = { kind: 'granted', body: { officeId, personId, office, from: now.toISOString() } };
  await appendNext(tx, deps, 'organisation', organisationId, granted);
  return made.password;
}
