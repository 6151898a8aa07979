import type { Transaction } from '../platform/database/in-scope.js';
import { NATIONAL_DEFAULT, type KindPolicy } from '../domain/policy/policy.js';
import type { LedgerDeps } from '../platform/ledger/streams.js';
import { activatePack, draftPack } from '../policies/packs.store.js';
import type { Pack } from '../policies/policy-schema.js';
import { demoId } from './demo-id.js';

/** A province's pack in the demonstration. The rules and their documents are invented; no province is known to have set them. */
interface DemoPack extends Pack {
  readonly id: string;
  readonly organisationId: string;
  /** Division code of the province. */
  readonly division: string;
}

const EFFECTIVE_FROM = '2015-03-01';

/** Any active vocational student may transfer to any other vocational school on any day, with one piece of evidence. */
const ANY_DAY: Pick<KindPolicy, 'rules'> = { rules: [] };

/**
 * 33: the listed order of Art 14, shorter days where nobody travels, three suspensions in two years, another superior step before a
 * registration is void.
 */
const EAST: Pack = {
  document: {
    number: '示东教职成〔2015〕2号',
    issuingBody: '示范东省教育厅（虚构）',
    date: '2015-02-10',
    filingNumber: '示备〔2015〕33号',
  },
  content: {
    kinds: {
      transfer: ANY_DAY,
      crossTrackTransfer: ANY_DAY,
      // In any term.
      changeMajor: { workingDays: { school: 5, authority: 7 }, rules: [] },
      suspension: { rules: ['withinSuspendedTotal'] },
      withdrawal: { workingDays: { school: 5 } },
      deregistration: { order: ['school', 'authority', 'superior'], workingDays: { superior: 5 } },
    },
    limits: { suspensions: 3 },
  },
};

/**
 * Province 51 sets:
 * 1. The receiving side's authority decides a transfer first; between the tracks both decide at the same time.
 * 2. The steps of Art 15 share one period.
 * 3. Years are repeated and majors changed only in their windows, by one student in twenty, in the first two terms.
 * 4. Nobody transfers while an irregularity is open, into another category of majors, or to a school that is not vocational.
 * 5. A student who does not return is to be withdrawn.
 * 6. Army service and a business of one's own need proof.
 * 7. A correction starts within five days of its proof.
 * 8. A superior decides a reinstatement too.
 */
const WEST: Pack = {
  document: { number: '示西教发〔2015〕6号', issuingBody: '示范西省教育厅（虚构）', date: '2015-01-20', filingNumber: '示备〔2015〕51号' },
  content: {
    kinds: {
      transfer: {
        ...ANY_DAY,
        rules: ['noOpenIrregularity', 'similarMajor'],
        order: ['sourceSchool', 'destinationSchool', 'destinationAuthority', 'sourceAuthority'],
        workingDays: { sourceSchool: 5, destinationSchool: 5 },
      },
      crossTrackTransfer: { ...ANY_DAY, parallelAuthorities: true },
      repeatYear: { deadlineScope: 'total', rules: ['atEndOfYear', 'withinRepeatShare'] },
      changeMajor: { deadlineScope: 'total', rules: ['withinFirstWeeks', 'withinFirstTerms'] },
      changeStudyMode: { deadlineScope: 'total' },
      suspension: {
        deadlineScope: 'total',
        leastEvidence: 2,
        evidence: [
          { zh: '休学申请（监护人签字）', en: 'application signed by the guardian' },
          { zh: '县级以上医院证明或其他证明', en: 'certificate of a county hospital or above, or other proof' },
          { id: 'enlistmentNotice', grounds: ['military'], zh: '入伍通知书', en: 'enlistment notice' },
          { id: 'businessLicence', grounds: ['startingBusiness'], zh: '营业执照', en: 'business licence' },
        ],
      },
      reinstatement: { order: ['school', 'authority', 'superior'] },
    },
    limits: { suspensionMonths: 24, suspensions: 1 },
    directions: ['toVocational'],
    expiredSuspension: 'orderWithdrawal',
    proofWorkingDays: 5,
    remindBefore: [5, 2, 1],
    supplementWorkingDays: 5,
  },
};

/** The packs of the two provinces, visibly different. Pure. */
export const demoPacks = (): DemoPack[] =>
  Object.entries({ '330000': EAST, '510000': WEST }).map(([division, pack]) => ({
    ...pack,
    division,
    id: demoId('policy', division),
    organisationId: demoId('organisation', division),
  }));

/** Drafts them as one supervisor of the province and puts them into force as the other, through the checks of every pack. */
export async function seedPacks(tx: Transaction, deps: LedgerDeps): Promise<void> {
  for (const { division, organisationId, ...pack } of demoPacks()) {
    const by = (role: string) => ({ personId: demoId('person', `${role}.${division}`), office: 'authoritySupervisor', organisationId });
    const base = NATIONAL_DEFAULT;
    const drafted = await draftPack(tx, deps, by('supervisor'), { ...pack, organisationId, base, inPlaceOf: base });
    await activatePack(tx, deps, by('supervisor2'), { ...drafted, content: pack.content, base }, EFFECTIVE_FROM);
  }
}
