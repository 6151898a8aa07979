import { catalogue } from './catalogue';

export const problemWords = catalogue(
  {
    trace: '跟踪编号',
    copy: '复制',
    meaning: '这是什么意思',
    retry: '重试',
    unreachable: '连接不到系统',
    unreachableDetail: '请检查网络。已填写的内容还在，重试不会重复提交。',
    failed: '此页出错',
    failedDetail: '请重试；仍不行请将跟踪编号告知运维人员。',
    blockers: '办不了的原因',
    conflict: '您填写的内容还在，已读取最新状态，请核对后再提交。',
  },
  {
    trace: 'Trace id',
    copy: 'Copy',
    meaning: 'What this means',
    retry: 'Try again',
    unreachable: 'The system cannot be reached',
    unreachableDetail: 'Check the network. What you typed is still here, and sending again sends nothing twice.',
    failed: 'This page failed',
    failedDetail: 'Try again; if it goes on, tell an operator the trace id.',
    blockers: 'Why it cannot be done',
    conflict: 'What you typed is still here, and the latest state has been read. Check it and send again.',
  },
);
