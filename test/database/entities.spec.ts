import { Column, DataSource, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ENTITIES } from '../../src/app/entities.js';
import { SnakeNaming } from '../../src/platform/database/snake-naming.js';
import { asSuperuser, freshDatabase, type TestDatabase } from '../engines/databases.js';

/** TypeORM knows no `xid8`; a transaction's number is text to a program anyway. */
const UNKNOWN_TO_TYPEORM: Readonly<Record<string, string>> = { 'event_relay.candidate_xid': 'xid8' };

/** Of each table its columns with type and nullability, its primary key and its foreign keys, one sentence each. */
type Described = readonly string[];

const COLUMNS = `
  select c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
    coalesce(a.attnum = any (p.conkey), false) as key
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_constraint p on p.conrelid = c.oid and p.contype = 'p'
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'`;
const FOREIGN_KEYS = `
  select conrelid::regclass::text as "table", confrelid::regclass::text as target,
    (select string_agg(attname, ',' order by nth) from unnest(conkey) with ordinality k (num, nth)
      join pg_attribute on attrelid = conrelid and attnum = num) as columns,
    (select string_agg(attname, ',' order by nth) from unnest(confkey) with ordinality k (num, nth)
      join pg_attribute on attrelid = confrelid and attnum = num) as targets
  from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`;

interface ColumnRow {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
  key: boolean;
}

const columnLine = ({ table, column, type, nullable, key }: ColumnRow): string =>
  `${table}.${column} ${type}${nullable ? ' null' : ''}${key ? ' key' : ''}`;
const keyLine = (table: string, columns: string, target: string, targets: string): string =>
  `${table}(${columns}) -> ${target}(${targets})`;

async function ofDatabase(url: string): Promise<Described> {
  const columns = (await asSuperuser(COLUMNS, url)).rows as unknown as ColumnRow[];
  const keys = (await asSuperuser(FOREIGN_KEYS, url)).rows as { table: string; columns: string; target: string; targets: string }[];
  return [...columns.map(columnLine), ...keys.map((key) => keyLine(key.table, key.columns, key.target, key.targets))].sort();
}

const TYPES: Readonly<Record<string, string>> = { int: 'integer', timestamptz: 'timestamp with time zone' };

/** What the classes say, in the words of the database. TypeORM reads them as it does when the product starts. */
async function ofClasses(entities: readonly (new () => object)[]): Promise<Described> {
  const source = new DataSource({ type: 'postgres', entities: [...entities], namingStrategy: new SnakeNaming() });
  await (source as unknown as { buildMetadatas(): Promise<void> }).buildMetadatas();
  return source.entityMetadatas
    .flatMap(({ tableName, columns, foreignKeys }) => [
      ...columns.map((column) => {
        const declared = TYPES[column.type as string] ?? (column.type as string);
        const exact = column.precision ? `${declared}(${column.precision},${column.scale ?? 0})` : declared;
        const type = UNKNOWN_TO_TYPEORM[`${tableName}.${column.databaseName}`] ?? exact;
        return columnLine({
          table: tableName,
          column: column.databaseName,
          type: column.isArray ? `${type}[]` : type,
          nullable: column.isNullable,
          key: column.isPrimary,
        });
      }),
      ...foreignKeys.map((key) =>
        keyLine(
          tableName,
          key.columns.map(({ databaseName }) => databaseName).join(','),
          key.referencedEntityMetadata.tableName,
          key.referencedColumns.map(({ databaseName }) => databaseName).join(','),
        ),
      ),
    ])
    .sort();
}

@Entity('planted')
class Planted {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Planted')
  @Column('uuid', { nullable: true })
  otherId: string | null;

  @Column('int')
  n: number;
}

describe('the entities', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database?.drop());

  it('describe every table of the migrated database, each column, its type and nullability, and each key: no more, no less', async () => {
    expect(await ofClasses(ENTITIES)).toEqual(await ofDatabase(database.url));
  });

  it.each([
    ['a column that is missing', 'id uuid primary key, other_id uuid references planted', ['planted.n integer']],
    ['a column too many', 'id uuid primary key, other_id uuid references planted, n int not null, more text', ['planted.more text null']],
    ['another type', 'id uuid primary key, other_id uuid references planted, n bigint not null', ['planted.n bigint', 'planted.n integer']],
    [
      'another nullability',
      'id uuid primary key, other_id uuid references planted, n int',
      ['planted.n integer', 'planted.n integer null'],
    ],
    ['a foreign key that is missing', 'id uuid primary key, other_id uuid, n int not null', ['planted(other_id) -> planted(id)']],
    [
      'another primary key',
      'id uuid unique not null, other_id uuid references planted (id), n int primary key',
      ['planted.id uuid', 'planted.id uuid key', 'planted.n integer', 'planted.n integer key'],
    ],
  ])('are seen to differ by %s', async (_what, columns, different) => {
    await asSuperuser(`drop table if exists planted; create table planted (${columns})`, database.url);
    const described = await ofClasses([Planted]);
    const there = (await ofDatabase(database.url)).filter((line) => /^planted\b/.test(line));
    expect([...described.filter((line) => !there.includes(line)), ...there.filter((line) => !described.includes(line))].sort()).toEqual(
      different,
    );
  });
});
