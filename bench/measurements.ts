/** Milliseconds. */
export interface Distribution {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

export function distribution(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => rounded(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN);
  return { n: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** What the slices of one subject at one number of clients add up to. */
export class Measurements {
  readonly filed: number[] = [];
  readonly acknowledged: number[] = [];
  readonly visible: number[] = [];
  readonly inbox: number[] = [];
  /** Decisions a second, by slice. */
  readonly rates: number[] = [];

  /** A slice lasted so long and acknowledged so many decisions; a case has four. */
  sliceEnded(decisions: number, seconds: number): void {
    this.rates.push(decisions / seconds);
  }

  summary() {
    const rates = this.rates.map((rate) => rounded(rate / 4)).sort((a, b) => a - b);
    return {
      acknowledgedMs: distribution(this.acknowledged),
      nextTaskVisibleMs: distribution(this.visible),
      filedMs: distribution(this.filed),
      inboxMs: distribution(this.inbox),
      casesPerSecond: rates[Math.floor(rates.length / 2)] ?? NaN,
      casesPerSecondBySlice: this.rates.map((rate) => rounded(rate / 4)),
    };
  }
}

export type Summary = ReturnType<Measurements['summary']>;

export async function timed<T>(into: number[], work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  into.push(performance.now() - began);
  return result;
}
