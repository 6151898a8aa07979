import { demoId } from '../../demo/demo-id.js';
import { addDays } from '../../domain/working-days.js';
import { holderOf } from '../../organisations/succession.js';
import { orderedSchool } from '../../orders/ordered.js';
import { lockOrder, placeOrder, recordOrderAct } from '../../orders/orders.store.js';
import { actedBy } from '../../platform/ledger/acted-by.js';
import { enterIrregularity } from '../../supervision/irregularities.store.js';
import type { Stage } from './stage.js';

interface DemoOrder {
  readonly at: string;
  readonly by: string;
  readonly placed: number;
  /** Days from its placing in which it is to be done. */
  readonly within: number;
  readonly findings: string;
  readonly reply?: { readonly on: number; readonly words: string };
}

/** Orders 责令 on findings: one is open, one overdue, one answered in writing and not judged yet. */
const ORDERS: readonly DemoOrder[] = [
  { at: '3301-03', by: '330109', placed: 22, within: 14, findings: '抽查发现两个班级的学籍信息与在校名单不符，请核对并书面报告' },
  {
    at: '3306-03',
    by: '330681',
    placed: 12,
    within: 20,
    findings: '转学、休学材料归档不全，请限期补齐',
    reply: { on: 3, words: '已补齐2025级全部异动材料，并指定专人归档，附清单备查' },
  },
  { at: '5107-01', by: '510703', placed: 4, within: 30, findings: '学籍管理员变更后未办理交接，请完成交接并报告' },
];

/** Places orders, answers one, and registers an irregularity 违规登记 that nobody has settled yet. */
export async function seedSupervision(stage: Stage): Promise<void> {
  const { clock } = stage;
  for (const order of ORDERS) {
    clock.set(stage.workingDaysAgo(order.placed, 30));
    await seedOrder(stage, order);
  }
  clock.set(stage.workingDaysAgo(6, 40));
  await seedIrregularity(stage);
}

async function seedOrder(stage: Stage, { at, by: code, within, findings, reply }: DemoOrder): Promise<void> {
  const { tx, clock, context, policies } = stage;
  const actor = stage.actor(`supervisor.${code}`);
  const today = stage.day();
  const school = await orderedSchool(tx, actor, demoId('organisation', at), today);
  const { authorityId } = school;
  const holder = await holderOf(tx, school.id, clock.now());
  const { escalate } = await policies.inForce(tx, school.provinceId ?? undefined, today);
  const ladder = (holder?.ladder ?? []).filter((id) => id !== authorityId);
  const placed = { authorityId, schoolId: school.id, seenBy: school.seenBy, dueDate: addDays(today, within), ladder, escalate };
  const id = await placeOrder(tx, context, placed, { findings, by: actedBy(actor) });
  if (!reply) return;
  clock.set(stage.workingDaysAgo(reply.on, 50));
  const loaded = await lockOrder(tx, id);
  if (!loaded) throw new Error(`no order ${id}`);
  const texts = { reply: reply.words };
  await recordOrderAct(tx, context, loaded, { kind: 'replied' }, { by: actedBy(stage.actor(`clerk.${at}`)), texts });
}

async function seedIrregularity(stage: Stage): Promise<void> {
  const [authority, school] = ['330602', '3306-02'];
  const organisationId = demoId('organisation', school);
  const actor = stage.actor(`supervisor.${authority}`);
  const { authorityId, seenBy } = await orderedSchool(stage.tx, actor, organisationId, stage.day());
  const about = { authorityId, organisationId, category: 'irregularChange', requestId: null, studentId: null, orderId: null, seenBy };
  const findings = '未经家长签字为学生办理退学申请，正在核查';
  await enterIrregularity(stage.tx, stage.context, about, { findings, by: actedBy(actor) });
}
