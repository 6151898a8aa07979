/** Why a policy pack is refused (A17), and what may not be done with one; part of the catalogue of problems. */
export const POLICY_MESSAGES = {
  'policy-refused': { status: 422, zh: '政策包不能采用，原因逐条列出。', en: 'The policy pack cannot be adopted; every reason is listed.' },
  'policy-not-a-draft': { status: 409, zh: '该版本不是草案。', en: 'This version is not a draft.' },
  'policy-in-effect': { status: 409, zh: '该版本已生效或已撤销。', en: 'This version is in effect already, or was revoked.' },
  'policy-date-taken': { status: 409, zh: '该日已有另一版本生效。', en: 'Another version takes effect on that day.' },
  'policy-base-stale': {
    status: 409,
    zh: '起草所依据的版本届时已不是现行版本，请改依现行版本并重新核对。',
    en: 'The version that it is based on is not in force on that day. Base it on the one that is, and look at it again.',
  },
  'policy-later-version': {
    status: 409,
    zh: '已有以后生效的版本，其内容未包括本版本；请先撤销该版本。',
    en: 'A version of a later day is decided already, which would drop this one. Revoke it first.',
  },
  'effective-date-past': { status: 422, zh: '生效日期不能早于今天。', en: 'The effective date must not lie in the past.' },
  // reasons
  'wrong-shape': { status: 422, zh: '内容与格式定义不符。', en: 'It does not have the shape that the schema asks for.' },
  'unknown-key': { status: 422, zh: '没有这一项。', en: 'There is no such key.' },
  'document-missing': {
    status: 422,
    zh: '缺少文件的文号、印发机关、日期或备案号。',
    en: 'The number, issuing body, date or filing number of its document is missing.',
  },
  'document-date-impossible': { status: 422, zh: '文件日期不能晚于今天。', en: 'The document is dated later than today.' },
  'initiator-fixed': { status: 422, zh: '发起单位由规定确定，不得更改。', en: 'The regulation fixes who files; a pack cannot move it.' },
  'party-left-out': { status: 422, zh: '遗漏了规定的办理单位。', en: 'A party of the regulation is left out.' },
  'party-twice': { status: 422, zh: '同一单位出现两次。', en: 'A party is asked twice.' },
  'unknown-party': { status: 422, zh: '该类异动没有这一办理单位。', en: 'That party has no part in this kind.' },
  'out-of-sequence': { status: 422, zh: '办理顺序与规定不符。', en: 'A step comes before the one that it must follow.' },
  'parallel-not-possible': {
    status: 422,
    zh: '没有相邻的两个学籍主管部门可以并行办理。',
    en: 'There are no two neighbouring authorities that could work side by side.',
  },
  'longer-than-national': { status: 422, zh: '期限可以缩短，不得延长。', en: 'A national period may be shortened, never lengthened.' },
  'out-of-bounds': { status: 422, zh: '超出全国统一的范围。', en: 'It lies outside the national bounds.' },
  'evidence-not-named': {
    status: 422,
    zh: '要求提交证明材料，但没有列明。',
    en: 'Evidence is asked for, but no document is named.',
  },
  'evidence-id-twice': { status: 422, zh: '两项证明材料的编号相同。', en: 'Two documents have the same id.' },
  'evidence-without-id': {
    status: 422,
    zh: '限于某些事由的证明材料须有编号。',
    en: 'A document that is asked for on some grounds needs an id.',
  },
  'unknown-ground': { status: 422, zh: '该类异动没有这一事由。', en: 'That kind is not filed on such a ground.' },
  'rule-does-not-apply': { status: 422, zh: '该规则不适用于此类异动。', en: 'That rule does not apply to this kind.' },
  'window-never-opens': { status: 422, zh: '办理时间永远不会开放。', en: 'The window never opens.' },
  'no-direction-left': { status: 422, zh: '至少须保留一个转学方向。', en: 'At least one direction must remain.' },
  'no-reminder': { status: 422, zh: '至少须提醒一次。', en: 'There must be at least one reminder.' },
  'reminder-never-sent': { status: 422, zh: '该提醒永远不会发出。', en: 'That reminder would never go out.' },
  'reminder-after-due': { status: 422, zh: '提醒须早于到期日。', en: 'A reminder goes out before the due date.' },
  'nobody-told': {
    status: 422,
    zh: '逾期须上报直接上级或省级，不得无人知晓。',
    en: 'What is overdue is shown to the next superior or to the province at least.',
  },
  'unknown-organisation': {
    status: 422,
    zh: '没有该单位，或该单位不属于本省、已停止办学。',
    en: 'There is no such organisation in the province, or it is closed.',
  },
  'step-without-holder': {
    status: 422,
    zh: '有的环节无人办理：该单位审核人不足。',
    en: 'A step would have no holder: too few reviewers there.',
  },
} as const;

/** Every code that can be a reason. */
export type PackReason = Exclude<
  keyof typeof POLICY_MESSAGES,
  | 'policy-refused'
  | 'policy-not-a-draft'
  | 'policy-in-effect'
  | 'policy-date-taken'
  | 'policy-base-stale'
  | 'policy-later-version'
  | 'effective-date-past'
>;
