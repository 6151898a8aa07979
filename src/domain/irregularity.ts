/**
 * What Art 26 makes people and organisations answer for: false registration, irregular changes by bad management, disclosure; and the rest.
 */
export const IRREGULARITIES = ['falseRegistration', 'irregularChange', 'disclosure', 'other'] as const;
export type Irregularity = (typeof IRREGULARITIES)[number];

/** What became of an irregularity: 已整改, 已处分, 移送, 查无实据. */
export const IRREGULARITY_OUTCOMES = ['rectified', 'disciplined', 'referred', 'unfounded'] as const;
export type IrregularityOutcome = (typeof IRREGULARITY_OUTCOMES)[number];
