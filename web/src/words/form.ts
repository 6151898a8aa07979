import { catalogue } from './catalogue';

export const formWords = catalogue(
  {
    send: '确定',
    cancel: '取消',
    needed: '请填写',
    reason: '事由',
    done: '已完成',
  },
  {
    send: 'Confirm',
    cancel: 'Cancel',
    needed: 'Please fill this in',
    reason: 'Reason',
    done: 'Done',
  },
);
