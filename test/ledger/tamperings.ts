import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeAnchor, type Checkpoint } from '../../src/platform/ledger/anchors.js';
import { checkpointAfter, NONE, type Previous } from '../../src/platform/ledger/checkpoint.js';
import type { Transaction } from '../../src/platform/database/in-scope.js';
import { rechain, WHATS, type Reach, type Tampering, type What } from './ground.js';

const LAST = '(select max(seq) from act where stream_id = $1)';
const changed = (set: string, seq: string) => (reach: Reach, what: What) =>
  reach.sql(`update act set ${set} where stream_id = $1 and seq = ${seq}`, [reach.stream[what]]);
const cut = (where: string) => async (reach: Reach, what: What) => {
  const id = [reach.stream[what]];
  await reach.sql(`delete from act_text where stream_id = $1 and ${where}`, id);
  await reach.sql(`delete from act where stream_id = $1 and ${where}`, id);
};

type How = readonly [how: string, tamper: (reach: Reach, what: What) => Promise<unknown>, found: string];

/** What is done to the acts of a stream, whatever its kind. */
const HOWS: readonly How[] = [
  ['the body of an act changed', changed(`body = body || '{"verdict":"reject"}'`, '1'), 'act 1: its hash does not follow'],
  ['the person of an act changed', changed('person_id = gen_random_uuid()', LAST), 'act \\d+: its hash does not follow'],
  ['the kind of an act changed', changed(`kind = 'commented'`, '1'), 'act 1: its hash does not follow'],
  ['the time of an act changed', changed(`at = at - interval '1 second'`, '1'), 'act 1: its hash does not follow'],
  ['what an act left changed', changed(`derived = '{"office":[]}'`, '1'), 'act 1: its hash does not follow'],
  ['its last act cut off', cut(`seq = ${LAST}`), ': its chain does not end with act \\d+, which its head names'],
  ['its first act removed', cut('seq = 1'), 'act 2: an act before it is missing'],
  [
    'an act rewritten, with the chain and the head',
    async (reach, what) => {
      await changed(`body = body || '{"verdict":"reject"}'`, '1')(reach, what);
      await rechain(reach, reach.stream[what]);
    },
    'act 1: this system did not write it',
  ],
  [
    'an act added, with its hash and the head',
    async (reach, what) => {
      const id = reach.stream[what];
      await reach.sql(
        `insert into act (stream_id, seq, stream, kind, process, at, body, hash, seal, position)
         select stream_id, seq + 1, stream, kind, process, at, body, '', '', (select max(position) + 1 from act) from act
         where stream_id = $1 order by seq desc limit 1`,
        [id],
      );
      await rechain(reach, id);
    },
    'act \\d+: this system did not write it',
  ],
  ['its head removed', ({ sql, stream }, what) => sql('delete from stream_head where stream_id = $1', [stream[what]]), 'act 1: the head'],
];

const ofStreams: Tampering[] = WHATS.flatMap((what) =>
  HOWS.map(([how, tamper, found]): Tampering => ({
    name: `a stream of kind ${what}: ${how}`,
    tamper: (reach) => tamper(reach, what),
    found: new RegExp(`^${what} \\$${what} ?${found}`),
  })),
);

/** A statement, and the fault that it leaves. */
const rowTamperings: Readonly<Record<string, readonly [sql: string, found: RegExp][]>> = {
  'the texts of an act': [
    ['update act_text set salt = null, cipher = null where stream_id = $request and seq = 1',
      /^request \$request act 1: its reason was emptied/],
    ['delete from act_text where stream_id = $request and seq = 1', /^request \$request act 1: its reason was removed/],
    [`update act_text set cipher = set_byte(cipher, length(cipher) - 1, get_byte(cipher, length(cipher) - 1) # 1)
      where stream_id = $request and seq = 1`, /^request \$request act 1: its reason is not what was recorded/],
    [`update act_text a set cipher = b.cipher, salt = b.salt from act_text b where a.stream_id = $request and b.stream_id = $request
      and a.seq = 1 and b.seq = 3`, /^request \$request act 1: its reason is not what was recorded/],
    [`insert into act_text select stream_id, 2, 'opinion', salt, cipher from act_text where stream_id = $request and seq = 1 limit 1`,
      /^request \$request act 2: its opinion was added later/],
    ['update act_text set salt = null, cipher = null where stream_id = $organisation',
      /^organisation \$organisation act \d+: its reason was emptied/],
  ],
  'the ledger as a whole': [
    [`update act set process = false where stream_id = $request and seq = 3`,
      /^request \$request act 3: it is marked as an act that does not move/],
    [`update act set position = -position where stream_id = $request and seq in (2, 3);
      update act a set position = -b.position from (select * from act) b where a.stream_id = $request and b.stream_id = $request
        and a.seq + b.seq = 5 and a.seq in (2, 3)`, /^checkpoint \d+: an act before it was changed.*among .*request \$request/],
    [`delete from act_text where stream_id = $request; delete from act where stream_id = $request`,
      /^request \$request: its chain does not end/],
    [`delete from act_text where stream_id = $request; delete from act where stream_id = $request;
      delete from stream_head where stream_id = $request; update change_request set last_seq = 0 where id = $request`,
      /^event \d+: act \d+ of stream \$request/],
    [`delete from act_text where stream_id = $student; delete from act where stream_id = $student;
      delete from stream_head where stream_id = $student`, /^enrolment \S+: no act made it/],
    [`update event set position = position + 1 where stream_id = $request and seq = 1`, /^event \d+: act 1 of stream \$request/],
    [`update stream_head set hash = sha256('') where stream_id = $access`,
      /^access \$access act \d+: its hash is not the one that the head/],
    [`update change_request set last_seq = last_seq - 1 where id = $request`, /^request \$request: its chain does not end with act/],
  ],
  office: [
    [`update office set person_id = (select id from person order by id limit 1) where organisation_id = $organisation`,
      /^office \S+: person_id not as act \d+ of its stream left it/],
    [`update office set office = 'operator' where organisation_id = $organisation`, /^office \S+: office not as act/],
    [`update office set held_until = null where held_until is not null`, /^office \S+: held_until not as act/],
    [`insert into office (id, person_id, organisation_id, office, held_from) select gen_random_uuid(), person_id, $organisation, 'orgAdmin',
      held_from from office limit 1`, /^office \S+: no act made it/],
    [`delete from office where organisation_id = $organisation`,
      /^office \S+: it was removed; organisation \$organisation act \d+ left it/],
    [`update office_grant set office = 'schoolClerk' where organisation_id = $organisation`, /^office_grant \S+: office not as act/],
    [`update office_grant set settled_by = (select id from person p where p.id not in (person_id, proposed_by, settled_by) limit 1)
      where organisation_id = $organisation`, /^office_grant \S+: settled_by not as act/],
  ],
  enrolment: [
    [`update enrolment set state = 'withdrawn' where student_id = $student`,
      /^enrolment \S+: .*state.* not as act \d+ of its stream left it/],
    [`update enrolment set school_id = (select id from organisation where level = 'school' order by code desc limit 1)
      where student_id = $student`, /^enrolment \S+: .*school_id.* not as act/],
    [`update enrolment set class_name = '9班' where student_id = $student`, /^enrolment \S+: class not as act/],
    [`delete from enrolment where student_id = $student`, /^enrolment \S+: it was removed; student \$student act \d+ left it/],
  ],
  'other rows that acts leave': [
    [`update student set number_index = sha256('x') where id = $student`, /^student \$student: identity not as act/],
    [`update person set password_hash = 'x' where id = $access`, /^person \$access: sign_in not as act/],
    [`update person set password_hash = null, subject_hash = sha256('mine') where id = $access`, /^person \$access: sign_in not as act/],
    [`update person set disabled_at = now() where id = $access`, /^person \$access: disabled_at not as act/],
    [`insert into person (id, username, display_name) values (gen_random_uuid(), 'ghost', '鬼')`, /^person \S+: no act made it/],
    [`update organisation set ancestors = '{}' where id = $organisation`, /^organisation \$organisation: ancestors not/],
    [`update head set display_name = '别人' where organisation_id = $organisation`, /^head \S+: name not as act/],
    [`update school_class set name = name || '假' where school_id = $organisation`,
      /^school_class \S+: name not as act \d+ of its stream left it/],
    [`update school_class set head_teacher = '别人'`, /^school_class \S+: teacher not as act/],
    [`update school_class set closed_on = null where closed_on is not null`, /^school_class \S+: closed_on not as act/],
    [`insert into school_class (id, school_id, name, grade, opened_on) select gen_random_uuid(), school_id, '鬼班', grade, opened_on
      from school_class limit 1`, /^school_class \S+: no act made it/],
    [`delete from school_class`, /^school_class \S+: it was removed; organisation \S+ act \d+ left it/],
    [`update proxy set valid_until = valid_until + interval '1 year'`, /^proxy \S+: valid_until not as act/],
    [`update calendar_version set days = '[]' where drafted_by is not null`, /^calendar_version \S+: days not as act/],
    [`update calendar_version set days = '[]' where drafted_by is null and year = 2026`,
      /^calendar_version \S+: it is not the calendar of 2026/],
    [`update working_day set worked = not worked where date = '2026-10-09'`, /^working_day \S+ 2026-10-09: it does not follow/],
    [`update policy set content = '{}' where id = $policy::text`, /^policy \$policy\/\d+: values not as act/],
    [`update policy set effective_from = '2020-01-01' where id = $policy::text and effective_from is not null`,
      /^policy \$policy\/\d+: effective_from not/],
    [`update policy set content = '{}' where organisation_id is null`, /^policy \S+: it is not the national policy/],
  ],
  'requests and tasks': [
    [`update change_request set state = 'rejected' where id = $request`, /^request \$request: not what its acts say: .*request.state/],
    [`update change_request set evidence_ids = '{}' where id = $request`,
      /^request \$request: not what its acts say: .*request.evidence_ids/],
    [`update task set decided_by = (select id from person order by id limit 1) where request_id = $request`,
      /^request \$request: not what its acts say: .*task.decided_by/],
    [`update task set state = 'open', decided_at = null where request_id = $request`,
      /^request \$request: not what its acts say: .*task.state/],
    [`delete from task where request_id = $request`, /^request \$request: not what its acts say: .*task missing/],
  ],
  'the record of reads': [
    [`update dossier_access set person_id = gen_random_uuid()`, /^reads of \S+: they do not end with read \d+/],
    [`update dossier_access set student_id = gen_random_uuid() where seq = 1`, /^reads of \S+ read 1: it is not what was recorded/],
    [`update dossier_access set at = at - interval '1 day' where seq = 1`, /^reads of \S+ read 1: it is not what was recorded/],
    [`delete from dossier_access where seq = 1`, /^reads of \S+: (read 1 was removed|they do not end)/],
    [`delete from dossier_access a where seq = (select max(seq) from dossier_access b where b.person_id = a.person_id)`,
      /^reads of \S+: they do not end with read \d+/],
    [`delete from dossier_access`, /^reads of \S+: they do not end with read \d+/],
    [`delete from reader_head`, /^reads of \S+: the head of their chain is missing/],
    [`insert into dossier_access (at, what, student_id, person_id, offices, seq, hash) select at, what, student_id, person_id, offices,
      seq + 1, hash from dossier_access a where seq = (select max(seq) from dossier_access b where b.person_id = a.person_id)`,
      /^reads of \S+ read \d+: it is not what was recorded/],
  ],
  checkpoints: [
    [`update ledger_checkpoint set acts = acts + 1 where number = 1`, /^checkpoint 1: it counts/],
    [`update ledger_checkpoint set at = at - interval '1 hour' where number = 1`, /^checkpoint 1: .*its own time/],
    [`update ledger_checkpoint set digest = sha256('') where number = 1`, /^checkpoint 1: an act before it was changed/],
    [`delete from ledger_checkpoint where number = 1`, /^checkpoint 1: it was removed/],
    [`delete from ledger_checkpoint where number = (select max(number) from ledger_checkpoint)`, /^checkpoint \d+: it is missing/],
    [`delete from ledger_checkpoint`, /^checkpoint \d+: it is missing; the last one there is 0/],
    [`delete from ledger_checkpoint; delete from stream_head where stream = 'checkpoint'`,
      /^anchor 2: the database has no such checkpoint/],
  ],
}; // prettier-ignore

const ofRows: Tampering[] = Object.entries(rowTamperings).flatMap(([what, cases]) =>
  cases.map(([text, found], nth): Tampering => ({
    name: `${what}: ${text.replace(/\s+/g, ' ').slice(0, 90)} (${nth + 1})`,
    tamper: ({ sql, stream }) =>
      sql(text.replace(/\$(request|student|organisation|policy|calendar|access)\b/g, (_, kind: What) => `'${stream[kind]}'`)),
    found,
  })),
);

const lines = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');
const rewrite = (file: string, text: readonly string[]): void => writeFileSync(file, text.map((line) => `${line}\n`).join(''));
const edited = (what: Partial<Checkpoint>) => ({ anchors }: Reach) => {
  const [first, ...rest] = lines(anchors);
  rewrite(anchors, [JSON.stringify({ ...(JSON.parse(first!) as Checkpoint), ...what }), ...rest]);
  return Promise.resolve();
}; // prettier-ignore

/** Makes every checkpoint anew over what the acts now are; answers them. */
async function recheckpoint({ sql }: Reach): Promise<Checkpoint[]> {
  const tx = { query: sql } as unknown as Transaction;
  const made: Checkpoint[] = [];
  const rows = await sql(
    `select number, position::text, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from ledger_checkpoint order by 1`,
  );
  let previous: Previous = NONE;
  for (const row of rows as unknown as Checkpoint[]) {
    const one = await checkpointAfter(tx, previous, row);
    await sql(`update ledger_checkpoint set acts = $2, digest = decode($3, 'hex') where number = $1`, [one.number, one.acts, one.digest]);
    made.push(one);
    previous = one;
  }
  await sql(`update stream_head set hash = decode($1, 'hex') where stream = 'checkpoint'`, [previous.digest]);
  return made;
}

/** A decision rewritten with its chain, head, seals and checkpoints, by one who has the key. */
async function rewritten(reach: Reach): Promise<Checkpoint[]> {
  await reach.sql(`update act set body = body || '{"verdict":"reject"}' where stream_id = $1 and seq = 3`, [reach.stream.request]);
  await rechain(reach, reach.stream.request, true);
  return recheckpoint(reach);
}

const anchorTamperings: Tampering[] = [
  { name: 'removed', tamper: ({ anchors }) => Promise.resolve(rmSync(anchors)), found: /^anchors: \S+ holds none, of \d+ checkpoints/ },
  { name: 'emptied', tamper: ({ anchors }) => Promise.resolve(writeFileSync(anchors, '')), found: /^anchors: \S+ holds none/ },
  {
    name: 'cut at their beginning',
    tamper: ({ anchors }) => Promise.resolve(rewrite(anchors, lines(anchors).slice(1))),
    found: /^checkpoint 1: it has no anchor/,
  },
  {
    name: 'cut at their end',
    tamper: ({ anchors }) => Promise.resolve(rewrite(anchors, lines(anchors).slice(0, -1))),
    found: /^checkpoint \d+: it has no anchor/,
  },
  {
    name: 'scribbled in',
    tamper: ({ anchors }) => Promise.resolve(appendFileSync(anchors, '{"position":\n')),
    found: /^anchors line \d+: it is not readable, or this system did not write it/,
  },
  { name: 'the count of one changed', tamper: edited({ acts: '1' }), found: /^anchors line 1: .*did not write it/ },
  { name: 'the time of one changed', tamper: edited({ at: '2026-01-01T00:00:00.000Z' }), found: /^anchors line 1: .*did not write it/ },
  { name: 'the digest of one changed', tamper: edited({ digest: '00' }), found: /^anchors line 1: .*did not write it/ },
  {
    name: 'two swapped',
    tamper: ({ anchors }) => Promise.resolve(rewrite(anchors, lines(anchors).toReversed())),
    found: /^anchor \d+: it does not follow the one before it/,
  },
];
const ofAnchors = anchorTamperings.map((one): Tampering => ({ ...one, name: `the anchors: ${one.name}` }));

const ofEverything: Tampering[] = [
  {
    name: 'a decision rewritten with its chain, head and checkpoints, and new anchors appended without the key',
    tamper: async (reach) => {
      await reach.sql(`update act set body = body || '{"verdict":"reject"}' where stream_id = $1 and seq = 3`, [reach.stream.request]);
      await rechain(reach, reach.stream.request);
      for (const one of await recheckpoint(reach)) appendFileSync(reach.anchors, `${JSON.stringify({ ...one, mac: one.digest })}\n`);
    },
    found: /^request \$request act 3: this system did not write it/,
  },
  {
    name: 'the same by one who has the key: the first anchor stands',
    tamper: async (reach) => {
      for (const one of await rewritten(reach)) await writeAnchor(reach.anchors, reach.cipher, one);
    },
    found: /^anchor \d+: the database has no such checkpoint: its digest differ, over .*request \$request act/,
  },
  {
    name: 'the same: the later anchors are faults too',
    tamper: async (reach) => {
      for (const one of await rewritten(reach)) await writeAnchor(reach.anchors, reach.cipher, one);
    },
    found: /^anchor \d+: a later one of the same checkpoint differs, and the first stands/,
  },
  {
    name: 'all checkpoints and all anchors removed',
    tamper: async ({ sql, anchors }) => {
      rmSync(anchors);
      await sql(`delete from ledger_checkpoint; delete from stream_head where stream = 'checkpoint'`);
    },
    after: 11,
    found: /^\w+ \S+ act \d+: it is older than ten minutes, and no checkpoint covers it/,
  },
  {
    name: 'all checkpoints and all anchors removed, and one made anew over what is left',
    tamper: async (reach) => {
      rmSync(reach.anchors);
      await reach.sql('delete from ledger_checkpoint where number < (select max(number) from ledger_checkpoint)');
      for (const one of await recheckpoint(reach)) await writeAnchor(reach.anchors, reach.cipher, one);
    },
    found: /^checkpoint 1: it was removed/,
  },
];

const named = (all: readonly Tampering[], ...nths: number[]): ReadonlySet<Tampering> => new Set(nths.map((nth) => all[nth]!));
/** Of each kind a few, which every `npm test` runs. */
const ALWAYS = new Set([...named(ofStreams, 0, 5, 8, 17, 25, 35, 45, 57), ...ofEverything.slice(0, 4)]);

/** What × how: everything that is done to the ledger, what follows from it, and what proves it. */
export const TAMPERINGS: readonly Tampering[] = [...ofStreams, ...ofRows, ...ofAnchors, ...ofEverything];
export const LIGHT: readonly Tampering[] = [
  ...TAMPERINGS.filter((one) => ALWAYS.has(one)),
  ...Object.keys(rowTamperings).map((what) => ofRows.find(({ name }) => name.startsWith(`${what}:`))!),
  ofAnchors[4]!,
];
