import { FileExcelOutlined, FilePdfOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Button, DatePicker, Space } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { api, told } from '../ground/api';
import { today } from '../ground/days';
import { useWords } from '../ground/language';
import { ProblemShown } from '../ground/problem';
import { saveFile } from '../ground/save-file';
import { supervisionWords } from '../words/supervision';

type Format = 'xlsx' | 'pdf';

/** The monthly bulletin 通报 as a file. */
export function Bulletin() {
  const t = useWords(supervisionWords);
  const [month, setMonth] = useState(() => today().slice(0, 7));
  const { mutate, isPending, error, variables } = useMutation({
    mutationFn: async (format: Format) => {
      const file = await told(api.GET('/api/v1/supervision/bulletin', { params: { query: { month, format } }, parseAs: 'blob' }));
      saveFile(file as unknown as Blob, `bulletin-${month}.${format}`);
    },
  });
  return (
    <>
      <p>{t.bulletinHelp}</p>
      <Space wrap>
        <DatePicker
          picker="month"
          allowClear={false}
          aria-label={t.month}
          value={dayjs(`${month}-01`)}
          disabledDate={(day) => day.isAfter(dayjs(today()), 'month')}
          onChange={(chosen) => setMonth(dayjs(chosen as dayjs.Dayjs).format('YYYY-MM'))}
        />
        <Button icon={<FileExcelOutlined />} loading={isPending && variables === 'xlsx'} onClick={() => mutate('xlsx')}>
          {t.excel}
        </Button>
        <Button icon={<FilePdfOutlined />} loading={isPending && variables === 'pdf'} onClick={() => mutate('pdf')}>
          {t.pdf}
        </Button>
      </Space>
      {error && <ProblemShown error={error} />}
    </>
  );
}
