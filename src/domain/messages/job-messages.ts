import { message } from './message.js';

/** Of jobs 后台作业. */
export const JOB_MESSAGES = {
  'job-without-file': message(
    409,
    '该作业没有可下载的文件，或尚未完成。',
    'The job has no file, or is not done.',
    '请查看作业状态；完成后再下载。',
    'Look at the state of the job, and download when it is done.',
  ),
};
