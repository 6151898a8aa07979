/** Kinds of change of a school (Art 12, A25). */
export const ORGANISATION_CHANGES = ['merger', 'closure'] as const;
export type OrganisationChangeKind = (typeof ORGANISATION_CHANGES)[number];

/** How far a merger or closure has come: counted anew whenever it is read, so that a job that died goes on where it stood. */
export interface ChangeStanding {
  readonly state: 'planned' | 'running' | 'done';
  /** The first instant of its day, epoch milliseconds. */
  readonly effectiveAt: number;
  /** When the school was closed, epoch milliseconds. */
  readonly closedAt?: number;
  readonly casesMoved: number;
  readonly casesLeft: number;
  readonly dossiersMoved: number;
  readonly dossiersLeft: number;
  /** Students of a closed school who are still to be transferred. */
  readonly studentsLeft: number;
}

/** What the job does now. Each but `wait` and `end` is one activity that moves one batch in one transaction. */
export type ChangeTodo =
  { readonly do: 'wait'; readonly until: number } | { readonly do: 'closeSchool' | 'rerouteCases' | 'moveDossiers' | 'complete' | 'end' };

/** Longer than any transaction may take: what was filed or effected while the school closed has committed by then, and is seen. */
export const SETTLING = 60_000;
const A_DAY = 86_400_000;

/** The next move of the job: pure, from where it stands and the present instant. */
export function nextOfChange(standing: ChangeStanding, now: number): ChangeTodo {
  const { state, effectiveAt, closedAt = 0, casesLeft, dossiersLeft, studentsLeft } = standing;
  if (state === 'done') return { do: 'end' };
  if (state === 'planned') return now < effectiveAt ? { do: 'wait', until: effectiveAt } : { do: 'closeSchool' };
  if (casesLeft > 0) return { do: 'rerouteCases' };
  if (dossiersLeft > 0) return { do: 'moveDossiers' };
  if (now < closedAt + SETTLING) return { do: 'wait', until: closedAt + SETTLING };
  return studentsLeft > 0 ? { do: 'wait', until: now + A_DAY } : { do: 'complete' };
}
