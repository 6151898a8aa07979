import { checkCharacter, type DocumentType, type Sex } from '../domain/dossier/id-document.js';
import type { PlainDate } from '../domain/working-days.js';
import type { Chance } from './chance.js';

/** Where students were first registered: mostly in the two provinces, some came with their parents from elsewhere. */
const REGISTERED_IN: Readonly<Record<'33' | '51', readonly string[]>> = {
  '33': '330109 330110 330109 330110 330602 330681 330602 330624 340102 360102 361102 411303 522301 530302 500101'.split(' '),
  '51': '510104 510112 510703 510704 510104 510703 511302 511602 513401 513221 513436 500101 522601 532301 620102'.split(' '),
};

interface Holder {
  readonly birthDate: PlainDate;
  readonly sex: Sex;
  readonly province: '33' | '51';
}

/** Division, birth date, order in 001 to 995 (odd for a man; the rest is kept for centenarians) and check character (GB 11643). */
function numbered(chance: Chance, division: string, { birthDate, sex }: Holder): string {
  const order = 1 + 2 * chance.below(497) + (sex === 'male' ? 0 : 1);
  const body = division + birthDate.replaceAll('-', '') + String(order).padStart(3, '0');
  return body + checkCharacter(body);
}

const NUMBER_OF = {
  residentId: (chance, holder) => numbered(chance, chance.pick(REGISTERED_IN[holder.province]), holder),
  hkMacaoPermit: (chance) => chance.pick('HM') + chance.digits(8),
  taiwanPermit: (chance) => chance.digits(8),
  hkMacaoTaiwanResidence: (chance, holder) => numbered(chance, chance.pick(['810000', '820000', '830000']), holder),
  passport: (chance) => chance.pick('CMN') + chance.digits(8),
  permanentResidence: (chance, holder) => numbered(chance, `9${holder.province}${chance.pick(['410', '704', '418'])}`, holder),
} satisfies Partial<Record<DocumentType, (chance: Chance, holder: Holder) => string>>;

export type DemoDocumentType = keyof typeof NUMBER_OF;

/** A number of that document that passes every check; drawn by chance, it is meant to be nobody's. */
export function documentNumber(chance: Chance, type: DemoDocumentType, holder: Holder): string {
  const make: (chance: Chance, holder: Holder) => string = NUMBER_OF[type];
  return make(chance, holder);
}
