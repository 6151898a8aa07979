/** Requests by state. */
export class RequestCounts {
  /** @example 3 */
  open: number;
  /** @example 12 */
  approved: number;
  /** @example 1 */
  rejected: number;
  /** @example 0 */
  recalled: number;
  /** @example 0 */
  superseded: number;
  /** @example 0 */
  cancelled: number;
}

/** Counts for badges; 1000 stands for that many or more tasks or notifications. */
export class MySummary {
  /** Open tasks of the caller's offices, as `GET /tasks` lists them. @example 17 */
  inbox: number;
  /** Those in the caller's own hands, as `GET /tasks?mine=true`. @example 2 */
  mine: number;
  /** Those that are due today and not overdue. @example 1 */
  dueToday: number;
  /** Those that are overdue, as `GET /tasks?overdue=true`. @example 0 */
  overdue: number;
  /** Requests of the caller's that were returned for a supplement, as `GET /tasks?returned=true&filedBy=` with the caller. @example 1 */
  returnedToMe: number;
  /** Tasks of the caller's offices that a pause of their request has stopped, as `GET /tasks?state=paused`. @example 1 */
  paused: number;
  /** Requests that the caller filed and still sees, by state. */
  requests: RequestCounts;
  /** Notifications that the caller has not read. @example 4 */
  unread: number;
}
