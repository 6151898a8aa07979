import { App } from 'antd';
import { api, Refusal, told } from '../ground/api';
import { useSend } from '../ground/send';

/** Takes a task in hand. */
export function useClaim() {
  const { message } = App.useApp();
  const { go, isPending } = useSend({
    send: ({ id }: { id: string; onDone?: () => void }, key) =>
      told(
        api.POST('/api/v1/tasks/{id}/claim', { params: { path: { id }, header: { 'Idempotency-Key': key } } }).then((answer) => answer),
      ).catch((error: unknown) => {
        if (error instanceof Refusal && error.problem) void message.error(error.problem.title);
        throw error;
      }),
    changes: [['tasks'], ['task'], ['summary']],
    onDone: (_answer, { onDone }) => onDone?.(),
  });
  return { go: (id: string, onDone?: () => void) => go({ id, ...(onDone ? { onDone } : {}) }), isPending };
}
