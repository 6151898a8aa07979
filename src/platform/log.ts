import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream, type Logger } from 'pino';

/**
 * The parts of a failure that are logged. Its message and PostgreSQL's `detail` are not, because they may quote a row or a person's input.
 */
interface ShownFailure {
  readonly failure: string;
  /** The SQLSTATE, or the code of Node. */
  readonly code?: string;
  readonly constraint?: string;
  /** Where it happened; without the words above it. */
  readonly frames: readonly string[];
  readonly cause?: ShownFailure;
}

/** Causes below one another that are shown. */
const DEEP = 4;
/** What a driver or a system names things by: no place for words of a person. */
const NAME = /^[A-Za-z0-9_.:-]{1,80}$/;
const named = (value: unknown): string | undefined => (typeof value === 'string' && NAME.test(value) ? value : undefined);

/** What `shownFailure` has made, so that nothing else passes for it. */
const made = new WeakSet<object>();
export const isShownFailure = (value: unknown): value is ShownFailure => typeof value === 'object' && value !== null && made.has(value);

export function shownFailure(thrown: unknown): ShownFailure {
  if (isShownFailure(thrown)) return thrown;
  const shown = shownTo(DEEP, thrown);
  made.add(shown);
  return shown;
}

function shownTo(deep: number, thrown: unknown): ShownFailure {
  if (!(thrown instanceof Error)) return { failure: typeof thrown, frames: [] };
  const { code, constraint, driverError } = thrown as { code?: unknown; constraint?: unknown; driverError?: unknown };
  const below = driverError ?? thrown.cause;
  return {
    failure: named(thrown.name) ?? 'Error',
    code: named(code),
    constraint: named(constraint),
    frames: framesOf(thrown),
    ...(below === undefined || deep === 0 ? {} : { cause: shownTo(deep - 1, below) }),
  };
}

const framesOf = ({ stack = '', message }: Error): string[] =>
  stack
    .replace(message, '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());

export const LOG = Symbol('the log of the process');

/** The log of a process: whatever stands under `err` is shown without words. */
export const logOf = (process: string, level: string, to?: DestinationStream): Logger =>
  pino({ level, base: { process }, serializers: { err: (error: unknown) => shownFailure(error) } }, to);

/** What Nest itself says, as lines of the process's log. Its messages are those of its start, before anybody's input. */
export const nestLog = (log: Logger): LoggerService => ({
  log: () => undefined,
  warn: (message: unknown, context?: unknown) => log.warn({ context }, String(message)),
  error: (message: unknown, ...more: unknown[]) =>
    log.error(
      { context: more.at(-1), ...(message instanceof Error ? { err: message } : {}) },
      message instanceof Error ? message.name : String(message),
    ),
});
