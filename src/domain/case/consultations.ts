/** An opinion asked of another organisation before a decision. */
interface Consultation {
  readonly taskId: string;
  readonly step: string;
  readonly organisationId: string;
  readonly dueDate: string;
  readonly answered: boolean;
}

/** The opinions asked in a case 征求意见, by the consultation's id. */
export type OpinionsAsked = Readonly<Record<string, Consultation>>;

/** An opinion that has not been given is asked of whoever stands in the place of the asked. */
export const askedAnew = (consultations: OpinionsAsked, from: string, to: string): OpinionsAsked =>
  Object.fromEntries(
    Object.entries(consultations).map(([id, one]) => [
      id,
      one.organisationId === from && !one.answered ? { ...one, organisationId: to } : one,
    ]),
  );

/** One that is asked, or has been answered. */
export function withConsultation(consultations: OpinionsAsked, id: string, change: Consultation | { answered: true }): OpinionsAsked {
  const { taskId, step, organisationId, dueDate, answered } = { ...consultations[id], ...change } as Consultation;
  return { ...consultations, [id]: { taskId, step, organisationId, dueDate, answered } };
}
