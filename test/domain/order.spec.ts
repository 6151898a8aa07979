import {
  climbsOf,
  dateAgain,
  isOverdue,
  nextOfOrder,
  orderOf,
  orderRefusal,
  type OrderAct,
  type OrderActBody,
  type OrderMove,
} from '../../src/domain/case/order.js';
import type { Actor, Office } from '../../src/domain/offices.js';
import { instantOf, workingCalendar } from '../../src/domain/working-days.js';

const WEEKDAYS = workingCalendar(1, [], '2026-12-31');
const ORDERED = {
  kind: 'ordered',
  authorityId: 'county',
  schoolId: 'school',
  dueDate: '2026-11-27', // a Friday
  ladder: ['city', 'province'],
  escalate: { after: 1, every: 5 },
} as const;
const REPLIED = { kind: 'replied' } as const;
const FILED = { kind: 'filed', requestId: 'r' } as const;
const told = (level: number, to: string) => ({ kind: 'escalated', level, to }) as const;

const order = (...more: OrderActBody[]) =>
  orderOf([ORDERED, ...more].map((body, i) => ({ ...body, seq: i + 1, at: instantOf('2026-11-24', 9) + i }) as OrderAct));
/** The days on which silence climbs, with the level and to whom. */
const climbs = (...more: OrderActBody[]) =>
  climbsOf(order(...more), WEEKDAYS, 'an order').map(
    ({ level, to, at }) => `${level} ${to} ${new Date(at + 8 * 3_600_000).toISOString().slice(0, 13)}`,
  );
const actor = (office: Office, organisationId: string): Actor => ({ personId: 'p', offices: [{ office, organisationId }] });

describe('an order 责令 (A18, Art 5)', () => {
  it('climbs from nine on the first working day after its date, then one level every five, each level once', () => {
    expect(climbs()).toEqual(['1 city 2026-11-30T09', '2 province 2026-12-07T09']);
    expect(climbs(told(1, 'city'))).toEqual(['2 province 2026-12-07T09']);
    expect(climbs(told(1, 'city'), told(2, 'province'))).toEqual([]);
  });

  it('obeys an amended calendar', () => {
    const amended = workingCalendar(2, [{ date: '2026-11-30', kind: 'holiday' }], '2026-12-31');
    expect(new Date(climbsOf(order(), amended, 'an order')[0]?.at ?? 0).toISOString().slice(0, 10)).toBe('2026-12-01');
  });

  it('does not climb while a reply waits for the authority, nor when it is answered or withdrawn', () => {
    for (const last of [REPLIED, FILED, { kind: 'withdrawn' } as const]) expect(climbs(last)).toEqual([]);
    expect(climbs(REPLIED, { kind: 'ruled', verdict: 'accept' })).toEqual([]);
  });

  it('waits anew for the next level when a reply is refused and a new date set', () => {
    const refused = { kind: 'ruled', verdict: 'refuse', dueDate: '2026-12-11' } as const;
    expect(climbs(REPLIED, refused)).toEqual(['1 city 2026-12-14T09', '2 province 2026-12-21T09']);
    expect(climbs(told(1, 'city'), REPLIED, refused)).toEqual(['2 province 2026-12-14T09']);
  });

  it('passes to the successor, or to the authority of a closed school: how far it has climbed stays, to the superiors of that', () => {
    const rerouted = { kind: 'rerouted', from: 'school', to: 'successor', ladder: ['town', 'shire'], onBehalf: false } as const;
    const passed = order(told(1, 'city'), rerouted);
    expect(passed).toMatchObject({ status: 'open', schoolId: 'successor', escalatedTo: ['town'] });
    expect(climbs(told(1, 'city'), rerouted)).toEqual(['2 shire 2026-12-07T09']);
    const reply = (more: OrderActBody, office: Office, at: string) => orderRefusal(order(more), 'reply', actor(office, at))?.code;
    expect([reply(rerouted, 'schoolClerk', 'successor'), reply(rerouted, 'schoolClerk', 'school')]).toEqual([undefined, 'not-your-order']);
    const acting = { ...rerouted, to: 'authority', ladder: [], onBehalf: true };
    expect(order(told(1, 'city'), told(2, 'province'), acting)).toMatchObject({
      schoolId: 'school',
      actingId: 'authority',
      escalatedTo: [],
    });
    expect(reply(acting, 'authoritySupervisor', 'authority')).toBeUndefined();
    expect(reply(acting, 'schoolClerk', 'school')).toBe('not-your-order');
  });

  it('stays answered when somebody else than the school rejects the filing', () => {
    expect(order(FILED, { kind: 'filingRejected', requestId: 'r' })).toMatchObject({ status: 'answered', requestId: 'r' });
  });

  it('stands again when the filing that answered it is recalled: with its date, or today when that has passed', () => {
    const reopened = { kind: 'reopened', requestId: 'r', dueDate: '2026-11-27' } as const;
    expect(order(FILED, reopened)).toMatchObject({ status: 'open', requestId: undefined });
    expect(dateAgain(order(FILED), instantOf('2026-11-25', 9))).toBe('2026-11-27');
    expect(dateAgain(order(FILED), instantOf('2026-12-02', 9))).toBe('2026-12-02');
  });

  it('is overdue from the midnight after its date, while the school is silent', () => {
    expect(isOverdue('open', '2026-11-27', instantOf('2026-11-28') - 1)).toBe(false);
    expect(isOverdue('open', '2026-11-27', instantOf('2026-11-28'))).toBe(true);
    expect(isOverdue('replied', '2026-11-27', instantOf('2026-11-28'))).toBe(false);
  });

  it('tells its process to wait until the next climb, to make it when its time has come, and to end', () => {
    const now = instantOf('2026-11-30', 12);
    const stands = (...more: OrderActBody[]) => ({ status: order(...more).status, climbs: climbsOf(order(...more), WEEKDAYS, 'an order') });
    expect(nextOfOrder(stands(), instantOf('2026-11-30', 8))).toMatchObject({ do: 'wait', until: expect.any(Number) });
    expect(nextOfOrder(stands(), now)).toEqual({ do: 'escalate', level: 1 });
    expect(nextOfOrder(stands(told(1, 'city')), now)).toMatchObject({ do: 'wait' });
    expect(nextOfOrder(stands(REPLIED), now)).toEqual({ do: 'wait', until: undefined });
    expect(nextOfOrder(stands(FILED), now)).toEqual({ do: 'end', outcome: 'answered' });
    expect(nextOfOrder(stands({ kind: 'withdrawn' }), now)).toEqual({ do: 'end', outcome: 'withdrawn' });
  });

  it.each([
    ['reply', [], 'schoolClerk', 'school', undefined],
    ['reply', [], 'schoolReviewer', 'school', undefined],
    ['reply', [], 'schoolClerk', 'other', 'not-your-order'],
    ['reply', [], 'authoritySupervisor', 'county', 'not-your-order'],
    ['reply', [REPLIED], 'schoolClerk', 'school', 'already-replied'],
    ['reply', [FILED], 'schoolClerk', 'school', 'order-closed'],
    ['rule', [REPLIED], 'authoritySupervisor', 'county', undefined],
    ['rule', [REPLIED], 'authoritySupervisor', 'city', 'not-your-order'],
    ['rule', [REPLIED], 'authorityReviewer', 'county', 'not-your-order'],
    ['rule', [], 'authoritySupervisor', 'county', 'no-reply-yet'],
    ['withdraw', [], 'authoritySupervisor', 'county', undefined],
    ['withdraw', [REPLIED], 'authoritySupervisor', 'county', undefined],
    ['withdraw', [FILED], 'authoritySupervisor', 'county', 'order-closed'],
  ] as [OrderMove, OrderActBody[], Office, string, string | undefined][])(
    '%s after %j by a %s at %s: %s',
    (move, acts, office, at, code) => {
      expect(orderRefusal(order(...acts), move, actor(office, at))?.code).toBe(code);
    },
  );
});
