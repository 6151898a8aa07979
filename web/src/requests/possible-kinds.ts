import { useQueries, useQuery } from '@tanstack/react-query';
import { api, told, type Schemas } from '../ground/api';
import { today } from '../ground/days';

export type Kind = Schemas['ChangeKindName']['kind'];

/** What a trial of a kind states: enough to be asked, so that what is refused then lies in the student and not in the entries. */
const TRIALS: Readonly<Partial<Record<Kind, object>>> = {
  repeatYear: {},
  resumption: {},
  suspension: { ground: 'illness', until: `${Number(today().slice(0, 4)) + 1}${today().slice(4)}` },
  changeStudyMode: { studyMode: 'partTime' },
  withdrawal: { ground: 'ownApplication' },
  deregistration: { cause: 'judgment' },
};

/** Reasons that no entry of the form clears. */
const OF_THE_STUDENT: ReadonlySet<string> = new Set([
  'illegal-transition',
  'change-already-open',
  'duplicate-being-ruled',
  'student-in-graduation',
  'guardian-not-on-record',
  'suspended-too-often',
]);

export type Offered = Schemas['ChangeKindName'] & {
  /** Why it cannot be filed now. */
  barred?: Schemas['BlockerAnswer'] | undefined;
};

/** Kinds about a student of the own school; each that cannot be filed now says why. */
export function usePossibleKinds(studentId: string): Offered[] | undefined {
  const kinds = useQuery({
    queryKey: ['change-kinds'],
    queryFn: ({ signal }) => told(api.GET('/api/v1/change-kinds', { signal })),
    staleTime: Infinity,
  });
  const tried = Object.entries(TRIALS) as [Kind, object][];
  const trials = useQueries({
    queries: tried.map(([kind, details]) => ({
      queryKey: ['precheck', 'trial', studentId, kind],
      queryFn: () =>
        told(api.POST('/api/v1/change-requests/precheck', { body: { kind, studentId, details } as Schemas['PrecheckRequest'] })),
      staleTime: 30_000,
      retry: false,
    })),
  });
  const barredOf = (kind: Kind) => {
    const nth = tried.findIndex(([one]) => one === kind);
    return trials[nth]?.data?.blockers.find(({ code }) => OF_THE_STUDENT.has(code));
  };
  return kinds.data
    ?.filter(({ kind }) => kind !== 'crossTrackTransfer' && kind !== 'registrationException')
    .map((one) => ({ ...one, barred: barredOf(one.kind) }));
}
