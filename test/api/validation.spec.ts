import 'reflect-metadata';
import { PartialType, PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsObject, IsOptional, IsString, MaxLength, Min, ValidateNested } from 'class-validator';
import { IsText } from '../../src/platform/http/is-text.js';
import { OrNull } from '../../src/platform/http/left-out.js';
import { IsInstant, IsPlainDate } from '../../src/platform/http/plain-date.js';
import { JudgedAs } from '../../src/platform/http/parts.js';
import { Problem } from '../../src/platform/http/problem.js';
import { MultiLine } from '../../src/platform/http/texts.js';
import { parsePart, validationPipe } from '../../src/platform/http/validation.js';

class Inner {
  @IsString() @MaxLength(3) grade!: string;
  @IsPlainDate() firstDay!: string;
}
class Body {
  @IsInt() @Min(1) version!: number;
  @ValidateNested() @Type(() => Inner) placement!: Inner;
  @IsArray() @ValidateNested({ each: true }) @Type(() => Inner) items!: Inner[];
}
class Layered {
  @IsInt() @Min(1) version!: number;
  @ValidateNested() @Type(() => Inner) placement!: Inner;
  @IsArray() @ArrayMaxSize(9) @IsObject({ each: true }) @ValidateNested({ each: true }) @Type(() => Inner) items!: Inner[];
  @IsInt({ each: true }) @ArrayMaxSize(3) ids!: number[];
  @IsString() kind!: string;
  @IsObject() @JudgedAs(({ kind }) => (kind === 'inner' ? Inner : undefined)) details!: object;
}
const GOOD = { grade: '1', firstDay: '2026-09-01' };

async function problemOf(parse: () => unknown): Promise<Problem> {
  try {
    await parse();
  } catch (thrown) {
    if (thrown instanceof Problem) return thrown;
    throw thrown;
  }
  throw new Error('it was accepted');
}
const body = (value: unknown) => validationPipe().transform(value, { type: 'body', metatype: Body }) as Promise<Body>;
const pointers = ({ code, more }: Problem) => [code, more.errors?.map(({ pointer }) => pointer)];

describe('input at the edge', () => {
  it('becomes an instance of its class', async () => {
    const parsed = await body({ version: 1, placement: GOOD, items: [GOOD] });
    expect([parsed instanceof Body, parsed.placement instanceof Inner, parsed.items[0] instanceof Inner]).toEqual([true, true, true]);
  });

  it('is refused with a pointer to every wrong field at once, also within lists, each once', async () => {
    const wrong = { version: '1', placement: { grade: 12345, firstDay: '2026-02-30' }, items: [GOOD, { ...GOOD, grade: 'long' }] };
    expect(pointers(await problemOf(() => body(wrong)))).toEqual([
      'invalid-input',
      ['/version', '/placement/grade', '/placement/firstDay', '/items/1/grade'],
    ]);
  });

  it('of another type is told that, whatever else its value breaks', async () => {
    const faults = async (value: unknown) =>
      (await problemOf(() => body(value))).more.errors?.map(({ pointer, detail }) => [pointer, detail.code]);
    expect(await faults({ version: '1', placement: { grade: 7, firstDay: 2026 }, items: 'x' })).toEqual([
      ['/items', 'not-list'],
      ['/version', 'not-whole'],
      ['/placement/grade', 'not-text'],
      ['/placement/firstDay', 'not-date'],
    ]);
    expect(await faults({ version: 0, placement: GOOD, items: [] })).toEqual([['/version', 'at-least']]);
    for (const items of [{}, { grade: '1' }, 5, 'x', true])
      expect(await faults({ version: 1, placement: GOOD, items })).toEqual([['/items', 'not-list']]);
    for (const placement of [[], [{}], 5, 'x'])
      expect(await faults({ version: 1, placement, items: [] })).toEqual([['/placement', 'not-object']]);
    expect(await faults({ version: 1, placement: { ...GOOD, grade: [] }, items: [] })).toEqual([['/placement/grade', 'not-text']]);
  });

  it('is refused for the faults of every layer at once: lists, characters, unknown fields, values, parts', async () => {
    const wrong = {
      version: 'x',
      placement: { ...GOOD, grade: '\u200b' },
      items: [
        { ...GOOD, nickname: 1 },
        { grade: '1', firstDay: 'soon' },
      ],
      ids: [1, 2, 3, 4],
      kind: 'inner',
      details: { grade: 'long', other: 1 },
    };
    const { more } = await problemOf(() => validationPipe().transform(wrong, { type: 'body', metatype: Layered }));
    expect(more.errors?.map(({ pointer, detail }) => `${pointer} ${detail.code}`).sort()).toEqual([
      '/details/firstDay missing',
      '/details/grade length',
      '/details/other not-asked',
      '/ids too-many',
      '/items/0/nickname not-asked',
      '/items/1/firstDay not-date',
      '/placement/grade strange',
      '/version not-whole',
    ]);
  });

  it('is refused when it has a field that nobody knows, its name escaped as JSON pointers ask', async () => {
    const unknown = { version: 1, placement: { ...GOOD, 'a/b~c': 1 }, items: [], surprise: 1 };
    expect(pointers(await problemOf(() => body(unknown)))[1]).toEqual(['/surprise', '/placement/a~1b~0c']);
  });

  it('is never echoed: a value may be personal', async () => {
    const { more } = await problemOf(() =>
      body({ version: '110101199003070011', placement: { grade: '欧阳娜娜', firstDay: '张三' }, items: [] }),
    );
    expect(JSON.stringify(more)).not.toMatch(/110101|欧阳|张三/);
  });
});

describe('a part of a body whose class depends on another field', () => {
  it('is parsed alike', () => {
    expect(parsePart(Inner, GOOD, '/details')).toEqual(GOOD);
    expect(parsePart(Inner, GOOD, '/details')).toBeInstanceOf(Inner);
  });

  it('is parsed once: its service gets what the edge has made of it', async () => {
    const whole = { version: 1, placement: GOOD, items: [], ids: [], kind: 'inner', details: GOOD };
    const { details } = (await validationPipe().transform(whole, { type: 'body', metatype: Layered })) as Layered;
    const first = parsePart(Inner, details, '/details');
    expect([first instanceof Inner, first, parsePart(Inner, details, '/details') === first]).toEqual([true, GOOD, true]);
    expect(parsePart(Inner, { ...details }, '/details')).not.toBe(first);
  });

  it('is refused below its own pointer', async () => {
    const problem = await problemOf(() => parsePart(Inner, { grade: 1, other: 2 }, '/details'));
    expect(pointers(problem)).toEqual(['invalid-input', expect.arrayContaining(['/details/grade', '/details/firstDay', '/details/other'])]);
  });

  it.each([[undefined], [null], ['text'], [7], [[GOOD]]])('must be an object: %j is refused', async (value) => {
    expect(pointers(await problemOf(() => parsePart(Inner, value, '/details')))).toEqual(['invalid-input', ['/details']]);
  });
});

class Note {
  @IsString() name!: string;
  @IsString() @MultiLine() reason!: string;
  @IsOptional() @IsObject() details?: object;
  @IsOptional() @ValidateNested({ each: true }) @Type(() => Inner) items?: Inner[];
}
class Entry {
  @IsText(4) name!: string;
  @IsOptional() @IsText(6, { each: true }) missing?: string[];
  @IsText(9, { least: 0 }) opinion: string = '';
  @IsOptional() @IsPlainDate() day?: string;
  @IsOptional() @IsInstant() from?: string;
  @IsOptional() @OrNull() @IsString() email?: string | null;
}
class Named extends PartialType(PickType(Note, ['name', 'reason'] as const)) {}

describe('a text', () => {
  const note = (more: object) => ({ name: '阿依古丽·买买提', reason: '一\r\n\t二', ...more });
  const taken = (more: object, type: 'body' | 'query' = 'body') => validationPipe().transform(note(more), { type, metatype: Note });
  const refused = async (more: object) => (await problemOf(() => taken(more))).more.errors;

  it.each([
    ['a change of direction', '\u202e', 'U+202E'],
    ['an isolate', '\u2066', 'U+2066'],
    ['a mark of direction', '\u200f', 'U+200F'],
    ['a space without width', '\u200b', 'U+200B'],
    ['a joiner', '\u200d', 'U+200D'],
    ['the mark of byte order', '\ufeff', 'U+FEFF'],
    ['a soft hyphen', '\u00ad', 'U+00AD'],
    ['an empty Hangul letter', '\u3164', 'U+3164'],
    ['a tag', '\u{e0041}', 'U+E0041'],
    ['a selector of variations', '\ufe0f', 'U+FE0F'],
    ['a selector of ideographic variations', '\u{e0100}', 'U+E0100'],
    ['a control', '\u001b', 'U+001B'],
    ['a control of the upper half', '\u0085', 'U+0085'],
    ['a separator of lines', '\u2028', 'U+2028'],
    ['a mark of annotations', '\ufff9', 'U+FFF9'],
    ['half a character', '\ud842', 'U+D842'],
    ['a private character', '\ue863', 'U+E863'],
    ['a private character of a higher plane', '\u{f0000}', 'U+F0000'],
    ['what is no character', '\uffff', 'U+FFFF'],
  ])('with %s is refused, with its field and its code', async (_what, character, code) => {
    const detail = { code: 'strange', zh: expect.stringContaining(code) as string, en: expect.stringContaining(code) as string };
    const text = `张${character}三`;
    expect(await refused({ name: text })).toEqual([{ pointer: '/name', detail }]);
    expect(await refused({ reason: text })).toEqual([{ pointer: '/reason', detail }]);
    expect(await refused({ details: { changes: [{ name: text }] } })).toEqual([{ pointer: '/details/changes/0/name', detail }]);
    expect(await refused({ items: [{ ...GOOD, grade: character }] })).toEqual([{ pointer: '/items/0/grade', detail }]);
    expect(await refused({ details: { [text]: 1 } })).toEqual([{ pointer: '/details', detail }]);
    expect(JSON.stringify(await problemOf(() => taken({ name: text }, 'query')))).not.toContain(text);
  });

  it.each(['\n', '\t', '\r'])('of one line holds no %j, one of several may, also in a class made of another', async (character) => {
    expect((await refused({ name: `张${character}三` }))?.map(({ pointer }) => pointer)).toEqual(['/name']);
    await expect(taken({ reason: `一${character}二` })).resolves.toBeInstanceOf(Note);
    expect(parsePart(Named, { reason: `一${character}二` }, '')).toMatchObject({ reason: `一${character}二` });
    expect(pointers(await problemOf(() => parsePart(Named, { name: `张${character}三` }, '/row')))[1]).toEqual(['/row/name']);
  });

  it.each(['𠮷', '㛃', '﨎', '𫝀', '𫟰', '𬭩', '𮯠', '𰻝', '𱍐', '𲎰', '·', 'é', '　', '（）', 'ㄅ', 'ئ', '😀'])(
    'keeps %s as it is',
    async (character) => {
      const name = `张${character}三`;
      expect(((await taken({ name })) as Note).name).toBe(name);
    },
  );

  it('names fifty at most', async () => {
    expect(await refused({ details: { all: Array.from({ length: 60 }, () => '\u200b') } })).toHaveLength(50);
  });
});

describe('what is entered', () => {
  const parsed = (more: object) => parsePart(Entry, { name: '张三', ...more }, '');
  const refusedAt = async (more: object) => pointers(await problemOf(() => parsed(more)))[1];

  it.each(['', ' ', '\u3000', ' \u00a0 ', '。', '—', '·'])('%j is no name, because it says nothing', async (blank) => {
    expect(await refusedAt({ name: blank })).toEqual(['/name']);
    expect(await refusedAt({ missing: ['户口簿', blank] })).toEqual(['/missing']);
    expect(parsed({ opinion: blank }).opinion).toBe(blank.trim());
  });

  it('is measured as it is kept: composed, without spaces around', async () => {
    expect(parsed({ name: '\u3000 张三丰五 \n'.trimEnd() }).name).toBe('张三丰五');
    expect(parsed({ name: 'e\u0301e\u0301e\u0301é' }).name).toBe('éééé');
    expect(await refusedAt({ name: '张三丰五六' })).toEqual(['/name']);
  });

  it.each(['0000-01-01', '1899-12-31', '2201-01-01', '9999-12-31', '2026-02-29', '2026-1-1', '2026-01-01T00:00'])(
    'the day %s is none that a person means',
    async (day) => {
      expect(await refusedAt({ day })).toEqual(['/day']);
      expect(await refusedAt({ from: day })).toEqual(['/from']);
    },
  );

  it.each(['1900-01-01', '2028-02-29', '2200-12-31'])('the day %s is taken', (day) => {
    expect(parsed({ day, from: day })).toMatchObject({ day, from: `${day}T00:00:00+08:00` });
  });

  it('takes a plain day for its midnight in Shanghai; a time needs its offset', async () => {
    expect(parsed({ from: '2026-12-05' }).from).toBe('2026-12-05T00:00:00+08:00');
    expect(parsed({ from: '2026-12-05T09:00:00+08:00' }).from).toBe('2026-12-05T09:00:00+08:00');
    for (const from of [
      '2026-12-05T09:00:00',
      '2026-12-05T09:00',
      '2026-12-05 09:00+08:00',
      '2026-W48',
      '2026-340',
      '0000-01-01T00:00:00Z',
    ])
      expect(await refusedAt({ from })).toEqual(['/from']);
  });

  it('means by null that a field is left out, wherever it stands, but where null empties what is kept', async () => {
    expect(parsed({ day: null, from: null, missing: null, opinion: null })).toEqual({ name: '张三', opinion: '' });
    expect(parsed({ email: null }).email).toBeNull();
    expect((await problemOf(() => parsed({ name: null }))).more.errors).toEqual(
      (await problemOf(() => parsed({ name: undefined }))).more.errors,
    );
    const taken = await validationPipe().transform(
      { name: '张三', reason: '转学', details: { a: null, b: [{ c: null }] }, items: null },
      {
        type: 'body',
        metatype: Note,
      },
    );
    expect(taken).toEqual({ name: '张三', reason: '转学', details: { b: [{}] } });
  });
});
