import { NATIONAL_DEFAULT, type KindPolicy, type Policy } from '../domain/policy.js';
import { demoId } from './demo-id.js';

const anyDay = (rules: KindPolicy): KindPolicy => ({ ...rules, leastEvidence: 0, rules: [] });

/** In the demonstration's provinces any active vocational student may transfer to any other vocational school on any day. */
export const demoPolicies = (): { organisationId: string; policy: Policy }[] =>
  ['33', '51'].map((province) => ({
    organisationId: demoId('organisation', `${province}0000`),
    policy: {
      ...NATIONAL_DEFAULT,
      id: `demo-${province}`,
      kinds: {
        ...NATIONAL_DEFAULT.kinds,
        transfer: anyDay(NATIONAL_DEFAULT.kinds.transfer),
        crossTrackTransfer: anyDay(NATIONAL_DEFAULT.kinds.crossTrackTransfer),
      },
    },
  }));
