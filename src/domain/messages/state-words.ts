/** What the states of an enrolment are called in lists. */
export const STATE_WORDS: Readonly<Record<string, string>> = {
  heldDuplicate: '疑似重复',
  pending: '待注册',
  active: '在读',
  suspended: '休学',
  transferredOut: '转出',
  withdrawn: '退学',
  deregistered: '注销',
  deceased: '死亡',
  completed: '结业',
  graduated: '毕业',
  advanced: '转段',
};
