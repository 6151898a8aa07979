import { catalogue } from './catalogue';

export const handInWords = catalogue(
  {
    other: '其他材料',
    drop: '点击选择或把文件拖到这里',
    types: 'PDF、JPEG 或 PNG',
    remove: (name: string) => `移除 ${name}`,
    uploading: (percent: number) => `正在上传 ${percent}%`,
    refused: '未收下',
    received: '已上传',
    asked: '须提交',
  },
  {
    other: 'Other documents',
    drop: 'Choose files or drop them here',
    types: 'PDF, JPEG or PNG',
    remove: (name) => `Remove ${name}`,
    uploading: (percent) => `Uploading ${percent}%`,
    refused: 'Refused',
    received: 'Uploaded',
    asked: 'Required',
  },
);
