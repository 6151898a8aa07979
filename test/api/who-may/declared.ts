import type { MayCall } from '../../../src/platform/access/may-call.js';
import type { System } from '../../fixtures/system.js';
import type { Person } from './cast.js';

/** Who may call each endpoint, as its route declares it and the OpenAPI document says. */
export class Declared {
  private constructor(private readonly mayCall: ReadonlyMap<string, MayCall>) {}

  static async of({ url }: System): Promise<Declared> {
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { 'x-may-call': MayCall }>>;
    };
    const all = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => {
        const endpoint = `${method === 'post' ? '' : `${method} `}${path.slice('/api/v1/'.length)}`;
        return [endpoint, operation['x-may-call']] as const;
      }),
    );
    return new Declared(new Map(all));
  }

  /** Whether the declaration knows an office that the person holds or stands in for. */
  admits(endpoint: string, { offices, standsInFor }: Person): boolean {
    const mayCall = this.mayCall.get(endpoint);
    if (!mayCall) return false;
    return !('offices' in mayCall) || [...offices, ...standsInFor].some(({ office }) => mayCall.offices.some((one) => one === office));
  }

  /** Whether the guard refuses the person before anything is read. */
  keepsOut(endpoint: string, person: Person): boolean {
    const by = this.mayCall.get(endpoint)?.by;
    return (by === 'offices' || by === 'readers') && !this.admits(endpoint, person);
  }
}
