import type { Type } from '@nestjs/common';
import { parsePart } from '../api/validation.js';
import type { DetailsOf } from '../domain/details.js';
import { normaliseDocumentNumber, normaliseName } from '../domain/id-document.js';
import type { Kind } from '../domain/procedure.js';
import * as dto from './details.dto.js';

/** The details of each kind as a client sends them. */
interface Inputs extends Record<Kind, object> {
  transfer: dto.TransferDetailsInput;
  crossTrackTransfer: dto.CrossTrackTransferDetailsInput;
  infoCorrection: dto.InfoCorrectionDetailsInput;
}

export const DETAILS_INPUT: { readonly [K in Kind]: Type<Inputs[K]> } = {
  transfer: dto.TransferDetailsInput,
  crossTrackTransfer: dto.CrossTrackTransferDetailsInput,
  repeatYear: dto.RepeatYearDetailsInput,
  changeMajor: dto.ChangeMajorDetailsInput,
  changeStudyMode: dto.ChangeStudyModeDetailsInput,
  suspension: dto.SuspensionDetailsInput,
  resumption: dto.ResumptionDetailsInput,
  withdrawal: dto.WithdrawalDetailsInput,
  deregistration: dto.DeregistrationDetailsInput,
  death: dto.DeathDetailsInput,
  infoCorrection: dto.InfoCorrectionDetailsInput,
  registrationException: dto.RegistrationExceptionDetailsInput,
  reinstatement: dto.ReinstatementDetailsInput,
};

/** Parsed details: what is kept in clear, and what is personal and kept encrypted beside the act. */
export interface Details<K extends Kind = Kind> {
  readonly input: Inputs[K];
  readonly kept: DetailsOf[K];
  readonly personal?: Readonly<Record<string, string>>;
}

/** @throws Problem invalid-input with a pointer per field */
export function detailsOf<K extends Kind>(kind: K, value: unknown): Details<K> {
  const input: Inputs[Kind] = parsePart(DETAILS_INPUT[kind] as Type<Inputs[Kind]>, value, '/details');
  return { input: input as Inputs[K], ...split(kind, input) } as Details<K>;
}

function split(kind: Kind, input: Inputs[Kind]): { kept: object; personal?: Record<string, string> } {
  if (kind === 'crossTrackTransfer') {
    const { student: _named, ...kept } = input as Inputs['crossTrackTransfer'];
    return { kept };
  }
  if (kind === 'infoCorrection') {
    const { changes, ...kept } = input as Inputs['infoCorrection'];
    const values = normalised(changes);
    return { kept: { ...kept, fields: Object.keys(values) }, personal: { changes: JSON.stringify(values) } };
  }
  return { kept: { ...input } };
}

/** The values as they are stored and compared, and no field that was left out. */
function normalised(changes: dto.PersonalInformation): Record<string, string> {
  const form: Readonly<Record<string, (text: string) => string>> = {
    ...{ name: normaliseName, formerName: normaliseName, documentNumber: normaliseDocumentNumber },
  };
  const given = Object.entries(changes).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(given.map(([field, value]) => [field, form[field]?.(value) ?? value]));
}
