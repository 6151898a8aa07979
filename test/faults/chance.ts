/** Numbers from 0 to 1 that look random and are the same for the same seed. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * By how many milliseconds the first of two begins after the second: by chance, and leaning to whoever lost the round before, so that each
 * wins some on a machine of any speed. A race with one winner would prove nothing.
 */
export class Race {
  private lean = 0;
  constructor(private readonly random: () => number) {}

  later(): number {
    return this.lean + this.random() * 16 - 8;
  }

  over(firstWon: boolean): void {
    this.lean += firstWon ? 4 : -4;
  }
}
