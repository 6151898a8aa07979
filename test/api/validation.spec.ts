import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsString, MaxLength, ValidateNested } from 'class-validator';
import { IsPlainDate } from '../../src/platform/http/plain-date.js';
import { Problem } from '../../src/platform/http/problem.js';
import { parsePart, validationPipe } from '../../src/platform/http/validation.js';

class Inner {
  @IsString() @MaxLength(3) grade!: string;
  @IsPlainDate() firstDay!: string;
}
class Body {
  @IsInt() version!: number;
  @ValidateNested() @Type(() => Inner) placement!: Inner;
  @IsArray() @ValidateNested({ each: true }) @Type(() => Inner) items!: Inner[];
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

  it('is refused below its own pointer', async () => {
    const problem = await problemOf(() => parsePart(Inner, { grade: 1, other: 2 }, '/details'));
    expect(pointers(problem)).toEqual(['invalid-input', expect.arrayContaining(['/details/grade', '/details/firstDay', '/details/other'])]);
  });

  it.each([[undefined], [null], ['text'], [7], [[GOOD]]])('must be an object: %j is refused', async (value) => {
    expect(pointers(await problemOf(() => parsePart(Inner, value, '/details')))).toEqual(['invalid-input', ['/details']]);
  });
});
