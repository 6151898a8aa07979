import type { OfficeDuty } from './offices.js';
import { registersTerms, retractsTerms } from './standing-over.js';
import type { Stage } from './stage.js';

const at = ({ places: { source } }: Stage, term: string, more: string): string => `/schools/${source.id}/terms/${term}/${more}`;

/** The registration of terms, of one that has not begun and of the one under way. */
export const TERM_DUTIES: readonly OfficeDuty[] = [
  {
    endpoint: 'schools/{id}/terms/{term}/first-day',
    acts: ['firstDayDeclared'],
    call: (stage) => ({ path: at(stage, stage.nextTerm.code, 'first-day'), body: { firstDay: stage.nextTerm.firstDay } }),
    refused: registersTerms,
  },
  {
    endpoint: 'schools/{id}/terms/{term}/registrations',
    acts: ['registered'],
    call: (stage) => ({ path: at(stage, 'current', 'registrations'), body: { studentIds: [stage.ids.unregistered] } }),
    refused: registersTerms,
  },
  {
    endpoint: 'schools/{id}/terms/{term}/registrations/retraction',
    acts: ['retracted'],
    call: (stage) => ({
      path: at(stage, 'current', 'registrations/retraction'),
      body: { studentIds: [stage.ids.registered], reason: '误注册' },
    }),
    refused: retractsTerms,
  },
];
