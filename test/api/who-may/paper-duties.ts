import type { OfficeDuty } from './offices.js';
import { has, NOT_THERE, NOT_YOURS, unless } from './standing-over.js';
import type { Person } from './cast.js';
import type { Stage } from './stage.js';

/** Operators see how requests stand; administrators see none, unless they stand in for somebody. */
const sees = ({ moved, above }: Stage, { offices, standsInFor }: Person): boolean => {
  const places = moved ? [moved.from, ...above(moved.from), moved.to, ...above(moved.to)] : [];
  return [...offices.filter(({ office }) => office !== 'orgAdmin'), ...standsInFor].some(({ organisationId }) =>
    places.some(({ id }) => id === organisationId),
  );
};

/** What a school does with the papers of a change: the new one keeps them after a transfer. */
export const PAPER_DUTIES: readonly OfficeDuty[] = [
  {
    endpoint: 'change-requests/{id}/paper-check',
    acts: ['paperChecked'],
    call: ({ moved }) => ({ path: `/change-requests/${moved?.id}/paper-check` }),
    refused: (stage, caller) => {
      if (!sees(stage, caller)) return NOT_THERE;
      const to = stage.moved ? [stage.moved.to] : [];
      return unless(has(caller, 'schoolClerk', ...to) || has(caller, 'schoolReviewer', ...to), NOT_YOURS);
    },
  },
];
