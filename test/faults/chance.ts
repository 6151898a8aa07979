import { setTimeout as sleep } from 'node:timers/promises';

/** Numbers from 0 to 1 that look random and are the same for the same seed. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Two that are asked for at about the same moment: by how many milliseconds the first begins after the second is chance, leaning to whoever
 * lost the round before, on a machine of any speed. A race with one winner would prove nothing, so in the first two rounds one of them is
 * over before the other begins.
 */
export class Race {
  private lean = 0;
  private rounds = 0;
  constructor(private readonly random: () => number) {}

  async run<A, B>(first: () => Promise<A>, second: () => Promise<B>): Promise<[A, B]> {
    this.rounds += 1;
    if (this.rounds === 1) {
      const ahead = await first();
      return [ahead, await second()];
    }
    if (this.rounds === 2) {
      const ahead = await second();
      return [await first(), ahead];
    }
    const later = this.lean + this.random() * 16 - 8;
    return Promise.all([sleep(Math.max(0, later)).then(first), sleep(Math.max(0, -later)).then(second)]);
  }

  over(firstWon: boolean): void {
    this.lean += firstWon ? 4 : -4;
  }
}
