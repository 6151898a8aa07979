/** A port for a challenge 验证 that tells people from programs, asked before anything is looked up. */
export interface Challenge {
  /** Whether what the asker answered passes; `address` is where the question came from. */
  passes(answer: string | undefined, address: string): Promise<boolean>;
}

export const CHALLENGE = Symbol('the challenge of a verification');

/** Asks nothing: limits alone hold programs back. An installation with a service of its own gives another. */
export const noChallenge: Challenge = { passes: () => Promise.resolve(true) };
