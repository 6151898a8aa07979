import { IsIn, IsOptional } from 'class-validator';

export class OwnSessionView {
  id: string;
  /** Whether this is the session that asks. @example true */
  current: boolean;
  /** `program` for a bearer token, else the family of the browser. @example edge */
  client: string;
  /** When one signed in. @example 2026-11-24T09:00:00.000+08:00 */
  createdAt: string;
  /** When it was last used, to within five minutes. @example 2026-11-24T11:40:00.000+08:00 */
  usedAt: string;
  /** @example 2026-11-24T21:00:00.000+08:00 */
  expiresAt: string;
}

export class OwnSessions {
  /** The latest sign-in first. */
  items: OwnSessionView[];
}

export const WHICH_SESSIONS = ['others', 'all'] as const;

export class EndedSessionsQuery {
  /** `others`: everywhere but here; `all`: here too. */
  @IsOptional()
  @IsIn(WHICH_SESSIONS)
  which: (typeof WHICH_SESSIONS)[number] = 'others';
}

export class EndedSessions {
  /** How many ended. @example 2 */
  ended: number;
}
