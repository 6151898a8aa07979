import type { Logger } from 'pino';
import type { Config } from '../platform/config.js';
import { OTHER_REGISTERS, type OtherRegister } from '../domain/dossier/other-registers.js';
import { HttpRegister } from './http-register.js';

/** Each register that has an address. */
export const registersFrom = (
  { registers: { asked, timeout, reach } }: Pick<Config, 'registers'>,
  log?: Pick<Logger, 'warn'>,
): ReadonlyMap<OtherRegister, HttpRegister> =>
  new Map(
    OTHER_REGISTERS.flatMap((register) => {
      const service = asked[register];
      const faulty = (fault: string): void => log?.warn({ register, fault }, 'a register of other schools gave no answer');
      return service ? [[register, new HttpRegister({ ...service, timeout, reach }, faulty)] as const] : [];
    }),
  );
