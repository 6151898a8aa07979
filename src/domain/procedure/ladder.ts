/**
 * Superiors of a task's holder by their place on its ladder: the nearest, those in between, and the province at the top. A level's name
 * would not do, because levels may be skipped. A single superior is both nearest and top.
 */
export const RUNGS = ['nearest', 'between', 'top'] as const;
export type Rung = (typeof RUNGS)[number];

/** Whom an overdue task climbs to, in that order (A4). */
export const climbOf = (ladder: readonly string[], rungs: readonly Rung[]): readonly string[] =>
  ladder.filter((_, i) => {
    const [nearest, top] = [i === 0, i === ladder.length - 1];
    return (nearest && rungs.includes('nearest')) || (top && rungs.includes('top')) || (!nearest && !top && rungs.includes('between'));
  });
