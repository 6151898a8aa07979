import { awaited, nextOfChange, SETTLING, type ChangeProgressState } from '../../src/domain/organisation-change.js';

const DAY = 1_000_000_000_000;
const standing = (more: Partial<ChangeProgressState>): ChangeProgressState => ({
  state: 'running',
  effectiveAt: DAY,
  closedAt: DAY,
  casesMoved: 0,
  casesLeft: 0,
  ordersMoved: 0,
  ordersLeft: 0,
  dossiersMoved: 0,
  dossiersLeft: 0,
  studentsLeft: 0,
  studentsBy: {},
  ...more,
});

describe('the job of a merger or closure', () => {
  it('waits for its day, and closes the school when it has come', () => {
    expect(nextOfChange(standing({ state: 'planned' }), DAY - 1)).toEqual({ do: 'wait', until: DAY });
    expect(nextOfChange(standing({ state: 'planned' }), DAY)).toEqual({ do: 'closeSchool' });
  });

  it('tells the cases before it moves the dossiers', () => {
    expect(nextOfChange(standing({ casesLeft: 1, dossiersLeft: 1 }), DAY)).toEqual({ do: 'rerouteCases' });
    expect(nextOfChange(standing({ dossiersLeft: 1 }), DAY)).toEqual({ do: 'moveDossiers' });
  });

  it('passes orders on after the cases, and says for whom it waits and what can be done about them', () => {
    expect(nextOfChange(standing({ casesLeft: 1, ordersLeft: 1 }), DAY)).toEqual({ do: 'rerouteCases' });
    expect(nextOfChange(standing({ ordersLeft: 1, dossiersLeft: 1 }), DAY)).toEqual({ do: 'rerouteOrders' });
    const studentsBy = { suspended: 2, active: 1 };
    expect(awaited(standing({ studentsBy }))).toEqual([
      { state: 'active', students: 1 },
      { state: 'suspended', students: 2 },
    ]);
    expect(awaited(standing({ state: 'planned', studentsBy }))).toEqual([]);
  });

  it('looks again when every transaction of the closing moment must have ended, and ends only then', () => {
    expect(nextOfChange(standing({}), DAY + 1)).toEqual({ do: 'wait', until: DAY + SETTLING });
    expect(nextOfChange(standing({}), DAY + SETTLING)).toEqual({ do: 'complete' });
    expect(nextOfChange(standing({ casesLeft: 1 }), DAY + SETTLING)).toEqual({ do: 'rerouteCases' });
    expect(nextOfChange(standing({ state: 'done' }), DAY + SETTLING)).toEqual({ do: 'end' });
  });

  it('goes on day by day while students of a closed school are still to be transferred', () => {
    const now = DAY + SETTLING;
    expect(nextOfChange(standing({ studentsLeft: 3 }), now)).toEqual({ do: 'wait', until: now + 86_400_000 });
  });
});
