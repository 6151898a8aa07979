import type { Client, Submittable } from 'pg';

export interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

interface Wire {
  parse(statement: { text: string; name: string }): void;
  describe(what: { type: 'S'; name: string }): void;
  sync(): void;
}

/** Parses a statement as the driver does and asks for the columns of its answer; nothing is executed, so parameters need no values. */
export function described(client: Client, text: string): Promise<readonly Field[]> {
  return new Promise((resolve, reject) => {
    let fields: readonly Field[] = [];
    const asked = {
      submit(wire: Wire) {
        wire.parse({ text, name: '' });
        wire.describe({ type: 'S', name: '' });
        wire.sync();
      },
      handleRowDescription: (answer: { fields: readonly Field[] }) => void (fields = answer.fields),
      handleError: reject,
      handleReadyForQuery: () => resolve(fields),
    };
    client.query(asked as unknown as Submittable);
  });
}
