/** Kinds of change of a school (Art 12, A25). */
export const ORGANISATION_CHANGES = ['merger', 'closure'] as const;
export type OrganisationChangeKind = (typeof ORGANISATION_CHANGES)[number];

/** How far a merger or closure has come: counted anew whenever it is read, so that a job that died goes on where it stood. */
export interface ChangeProgressState {
  readonly state: 'planned' | 'running' | 'done';
  /** The first instant of its day, epoch milliseconds. */
  readonly effectiveAt: number;
  /** When the school was closed, epoch milliseconds. */
  readonly closedAt?: number;
  readonly casesMoved: number;
  readonly casesLeft: number;
  /** Orders 责令 to the school. */
  readonly ordersMoved: number;
  readonly ordersLeft: number;
  readonly dossiersMoved: number;
  readonly dossiersLeft: number;
  /** Students of a closed school about whom something is still to be decided. */
  readonly studentsLeft: number;
  /** The same by the state of their enrolment. */
  readonly studentsBy: Readonly<Partial<Record<StudentLeft, number>>>;
}

/** Whom a closed school may not keep: none of them goes to a custodian. */
export const STUDENTS_LEFT = ['active', 'suspended', 'pending', 'heldDuplicate'] as const;
export type StudentLeft = (typeof STUDENTS_LEFT)[number];

/** What the authority that acts for a closed school does about them; until it has, the closure waits in sight, however long. */
export const REMEDIES: Readonly<Record<StudentLeft, { readonly zh: string; readonly en: string }>> = {
  active: { zh: '由代管部门整批或逐一办理转学', en: 'the acting authority transfers them, by cohorts or one by one' },
  suspended: {
    zh: '由代管部门代办复学后转学，或代办退学',
    en: 'the acting authority files their resumption and then a transfer, or their withdrawal',
  },
  pending: { zh: '由代管部门办结其注册', en: 'the acting authority sees their registration to its end' },
  heldDuplicate: {
    zh: '由代管部门代为申请修改或佐证，待审定',
    en: 'the acting authority files the registration exception, and it is decided',
  },
};

/** What a running change waits for when nothing but students is left. */
export const awaited = ({
  state,
  studentsBy,
}: Pick<ChangeProgressState, 'state' | 'studentsBy'>): { state: StudentLeft; students: number }[] =>
  state === 'running'
    ? STUDENTS_LEFT.map((one) => ({ state: one, students: studentsBy[one] ?? 0 })).filter(({ students }) => students > 0)
    : [];

/** What the job does now. Each but `wait` and `end` is one activity that moves one batch in one transaction. */
export type ChangeTodo =
  | { readonly do: 'wait'; readonly until: number }
  | { readonly do: 'closeSchool' | 'rerouteCases' | 'rerouteOrders' | 'moveDossiers' | 'complete' | 'end' };

/** Longer than any transaction may take: what was filed or effected while the school closed has committed by then, and is seen. */
export const SETTLING = 60_000;
const A_DAY = 86_400_000;

/** The next move of the job: pure, from where it stands and the present instant. */
export function nextOfChange(standing: ChangeProgressState, now: number): ChangeTodo {
  const { state, effectiveAt, closedAt = 0, casesLeft, ordersLeft, dossiersLeft, studentsLeft } = standing;
  if (state === 'done') return { do: 'end' };
  if (state === 'planned') return now < effectiveAt ? { do: 'wait', until: effectiveAt } : { do: 'closeSchool' };
  if (casesLeft > 0) return { do: 'rerouteCases' };
  if (ordersLeft > 0) return { do: 'rerouteOrders' };
  if (dossiersLeft > 0) return { do: 'moveDossiers' };
  if (now < closedAt + SETTLING) return { do: 'wait', until: closedAt + SETTLING };
  return studentsLeft > 0 ? { do: 'wait', until: now + A_DAY } : { do: 'complete' };
}

/** The name of a class at the successor of its school: as it was. Where that is taken, the name of its former school follows. */
export function freeName(name: string, schoolName: string, taken: ReadonlySet<string>): string {
  const cut = (text: string, most: number) => [...text].slice(0, most).join('');
  const origin = cut(schoolName, 24);
  for (let nth = 0; ; nth += 1) {
    const free = nth === 0 ? name : `${cut(name, 30)}（${origin}${nth === 1 ? '' : String(nth)}）`;
    if (!taken.has(free)) return free;
  }
}
