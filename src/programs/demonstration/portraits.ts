import sharp from 'sharp';
import { Chance } from '../../demo/chance.js';

/** Pixels of 一寸照片. */
const [WIDTH, HEIGHT] = [295, 413];

const inside = (x: number, y: number, [cx, cy, rx, ry]: readonly [number, number, number, number]): boolean =>
  ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1;

type Colour = readonly [number, number, number];
const BACKGROUND: Colour = [67, 142, 219];
const COLLAR: Colour = [244, 244, 244];
const HAIR: readonly Colour[] = [[38, 33, 31], [54, 42, 34], [24, 24, 28]]; // prettier-ignore
const SKIN: readonly Colour[] = [[238, 203, 176], [226, 188, 158], [244, 212, 190]]; // prettier-ignore
const COAT: readonly Colour[] = [[44, 54, 84], [70, 78, 70], [96, 52, 58], [52, 74, 104]]; // prettier-ignore

type Part = 'background' | 'hair' | 'skin' | 'collar' | 'coat';

function partAt(x: number, y: number, hairTo: number): Part {
  if (inside(x, y, [147, 176, 66, 84]) && y > 132) return 'skin';
  if (inside(x, y, [147, 160, 78, 90]) && y < 200) return 'hair';
  if (inside(x, y, [147, 226, 86, 110]) && y >= 160 && y < hairTo) return 'hair';
  if (inside(x, y, [147, 262, 34, 46]) && y < 300) return 'skin';
  if (Math.abs(x - 147) < (y - 280) * 0.55 && y < 350) return 'collar';
  return inside(x, y, [147, 413, 138, 130]) ? 'coat' : 'background';
}

/** How far down hair falls, and which part each pixel is: found once for each. */
const CUTS = [0, 290] as const;
const parts = new Map<number, readonly Part[]>();
function partsWith(hairTo: number): readonly Part[] {
  const known = parts.get(hairTo);
  if (known) return known;
  const found = Array.from({ length: WIDTH * HEIGHT }, (_, nth) => partAt(nth % WIDTH, Math.floor(nth / WIDTH), hairTo));
  parts.set(hairTo, found);
  return found;
}

/** A picture of nobody, in the size of a passport photograph. Each seed has a picture of its own. */
export function portraitOf(seed: number): Promise<Buffer> {
  const chance = new Chance(seed);
  const [hair, skin, coat] = [chance.pick(HAIR), chance.pick(SKIN), chance.pick(COAT)];
  const colours: Readonly<Record<Part, Colour>> = { background: BACKGROUND, hair, skin, collar: COLLAR, coat };
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (const [nth, part] of partsWith(chance.pick(CUTS)).entries()) {
    const [red, green, blue] = colours[part];
    pixels[nth * 3] = red;
    pixels[nth * 3 + 1] = green;
    pixels[nth * 3 + 2] = blue;
  }
  for (let at = 0; at < 32; at += 1) pixels[at] = chance.below(256);
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 92 })
    .toBuffer();
}
