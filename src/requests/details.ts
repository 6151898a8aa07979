import type { Type } from '@nestjs/common';
import { parsePart } from '../platform/http/validation.js';
import type { DetailsOf } from '../domain/case/details.js';
import { normalisedFacts } from '../domain/dossier/personal-facts.js';
import type { Kind } from '../domain/procedure/procedure.js';
import * as dto from './details.dto.js';

/** The details of each kind as a client sends them. */
export interface Inputs extends Record<Kind, object> {
  transfer: dto.TransferDetailsInput;
  crossTrackTransfer: dto.CrossTrackTransferDetailsInput;
  repeatYear: dto.RepeatYearDetailsInput;
  changeMajor: dto.ChangeMajorDetailsInput;
  changeStudyMode: dto.ChangeStudyModeDetailsInput;
  suspension: dto.SuspensionDetailsInput;
  resumption: dto.ResumptionDetailsInput;
  withdrawal: dto.WithdrawalDetailsInput;
  deregistration: dto.DeregistrationDetailsInput;
  death: dto.DeathDetailsInput;
  infoCorrection: dto.InfoCorrectionDetailsInput;
  studyCorrection: dto.StudyCorrectionDetailsInput;
  registrationException: dto.RegistrationExceptionDetailsInput;
  reinstatement: dto.ReinstatementDetailsInput;
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
  studyCorrection: dto.StudyCorrectionDetailsInput,
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
    const values = normalisedFacts(changes);
    return { kept: { ...kept, fields: Object.keys(values) }, personal: { changes: JSON.stringify(values) } };
  }
  if (kind === 'registrationException') {
    const { amendments, ...kept } = input as Inputs['registrationException'];
    if (!amendments) return { kept };
    const values = normalisedFacts(amendments);
    return { kept: { ...kept, fields: Object.keys(values) }, personal: { changes: JSON.stringify(values) } };
  }
  return { kept: { ...input } };
}
