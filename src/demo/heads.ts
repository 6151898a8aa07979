import { REGULATION_EFFECTIVE } from '../organisations/seed-policy.js';
import { Chance } from './chance.js';
import { demoId } from './demo-id.js';
import { nameOf } from './names.js';
import { demoOrganisations } from './organisations.js';

/** A row of `head`. */
export interface DemoHead {
  readonly id: string;
  readonly organisationId: string;
  readonly displayName: string;
  readonly heldFrom: string;
}

/** A head 负责人 for every organisation of the demonstration (A18), in charge since the regulation took effect. Pure. */
export function demoHeads(): DemoHead[] {
  const chance = new Chance(1982);
  return demoOrganisations().map(({ id, code }) => ({
    id: demoId('head', code),
    organisationId: id,
    heldFrom: REGULATION_EFFECTIVE,
    displayName: nameOf(chance, chance.below(2) === 0 ? 'male' : 'female'),
  }));
}
