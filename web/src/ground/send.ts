import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useRef } from 'react';
import { Refusal } from './api';

interface Sending<I, O> {
  /** @param key of the attempt: sent as `Idempotency-Key` */
  send: (input: I, key: string) => Promise<O>;
  /** Lists and views that are asked for again afterwards, also when it was refused because something changed meanwhile. */
  changes?: readonly QueryKey[];
  onDone?: (answer: O, input: I) => unknown;
}

const TRIES = 4;

/**
 * Sends what a person does. The same input keeps its key until it was answered, so that nothing is done twice: after a broken line it is
 * sent again by itself, and while there is no network it waits.
 */
export function useSend<I, O>({ send, changes = [], onDone }: Sending<I, O>) {
  const queries = useQueryClient();
  const attempt = useRef<{ of: string; key: string }>(undefined);
  const renew = () => Promise.all(changes.map((queryKey) => queries.invalidateQueries({ queryKey })));
  const mutation = useMutation<O, Error, { input: I; key: string }>({
    mutationFn: ({ input, key }) => send(input, key),
    retry: (tries, error) => tries < TRIES && error instanceof Refusal && error.isPassing,
    retryDelay: (tries) => Math.min(500 * 2 ** tries, 8000),
    onSuccess: async (answer, { input }) => {
      attempt.current = undefined;
      await renew();
      await onDone?.(answer, input);
    },
    onError: async (error) => {
      if (!(error instanceof Refusal) || !error.isPassing) attempt.current = undefined;
      if (error instanceof Refusal && error.status === 409) await renew();
    },
  });
  const go = (input: I): void => {
    const of = JSON.stringify(input);
    if (attempt.current?.of !== of) attempt.current = { of, key: crypto.randomUUID() };
    mutation.mutate({ input, key: attempt.current.key });
  };
  return {
    go,
    error: mutation.error,
    isPending: mutation.isPending,
    isPaused: mutation.isPaused,
    answer: mutation.data,
    forget: mutation.reset,
  };
}
