import type { Population, School } from './population.js';

/** A transfer between schools of different authorities: four steps. */
export interface Transfer {
  readonly studentId: string;
  readonly source: School;
  readonly destination: School;
}

export const STEPS = ['sourceSchool', 'destinationSchool', 'sourceAuthority', 'destinationAuthority'] as const;
export type Step = (typeof STEPS)[number];

/** Who reviews a step. */
export const reviewerOf = ({ source, destination }: Transfer, step: Step): string =>
  ({
    sourceSchool: source.reviewer,
    destinationSchool: destination.reviewer,
    sourceAuthority: source.authorityReviewer,
    destinationAuthority: destination.authorityReviewer,
  })[step];

/** Hands out transfers of students who are not in a case, and remembers where they are afterwards. */
export class Transfers {
  private readonly free: { id: string; school: number }[];
  private nth = 0;

  constructor(private readonly population: Population) {
    this.free = [...population.students];
  }

  /** Carries a transfer out; its student stays at the destination. */
  async carry(work: (transfer: Transfer) => Promise<void>): Promise<void> {
    const { schools } = this.population;
    const student = this.free.shift();
    if (!student) throw new Error('no student is left who is not in a case');
    const source = schools[student.school]!;
    const from = (this.nth += 1) * 7919;
    const to = schools.findIndex((_, i) => schools[(from + i) % schools.length]!.authorityId !== source.authorityId);
    const school = (from + to) % schools.length;
    await work({ studentId: student.id, source, destination: schools[school]! });
    this.free.push({ id: student.id, school });
  }
}
