/** Why an action is barred, as its call would be refused now. */
export class BarredView {
  /** A code of the catalogue of problems. @example not-your-task */
  code: string;
  /** @example 该任务不在您名下办理。 */
  message: string;
}

/** A move that the caller may make now, or why not. It is judged again when it is made. */
export class ActionView {
  /** As the last part of its address says it. @example decision */
  action: string;
  /** Of a decision. @example approve */
  verdict: string | null;
  /** Where it is posted to. @example /api/v1/tasks/01a20a8f-e41c-7b05-8d52-6c1a3f0e9b77/decision */
  href: string;
  /** @example true */
  allowed: boolean;
  /** Null where it is allowed. */
  barred: BarredView | null;
}
