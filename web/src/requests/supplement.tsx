import { Alert, App, Button, Form, Input } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { asEvidence, HandIn, type Handed } from '../ground/case/hand-in';
import { useWords } from '../ground/language';
import { ProblemShown } from '../ground/problem';
import { Panel } from '../ground/panel';
import { post } from '../ground/post';
import { useSend } from '../ground/send';
import { requestsWords } from '../words/requests';

/** What a returned request still lacks, item by item, and the filer's answer to it. */
export function Supplement({ request, href }: { request: Schemas['ChangeRequestDetail']; href: string }) {
  const t = useWords(requestsWords);
  const { message } = App.useApp();
  const [files, setFiles] = useState<readonly Handed[]>([]);
  const returned = request.timeline.filter(({ verdict }) => verdict === 'return').at(-1);
  const kind = useQuery({
    queryKey: ['change-kind', request.kind],
    queryFn: ({ signal }) => told(api.GET('/api/v1/change-kinds/{kind}', { params: { path: { kind: request.kind as never } }, signal })),
    staleTime: Infinity,
    retry: false,
  });
  const { go, error, isPending } = useSend({
    send: (body: Schemas['SupplementRequest'], key) => post(href, body, key),
    changes: [['request', request.id], ['requests'], ['tasks'], ['task'], ['summary']],
    onDone: () => void message.success(t.sent),
  });
  return (
    <Panel title={t.supplement} style={{ marginBottom: 12 }}>
      {returned && (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 12 }}
          title={t.supplementWhy}
          description={
            <>
              <p style={{ whiteSpace: 'pre-wrap' }}>{returned.opinion}</p>
              {returned.missing && (
                <ul>
                  {returned.missing.map((one) => (
                    <li key={one}>{one}</li>
                  ))}
                </ul>
              )}
            </>
          }
        />
      )}
      <Form layout="vertical" onFinish={({ note }: { note: string }) => go({ note, ...asEvidence(files) })}>
        <HandIn items={kind.data?.evidence.items ?? []} accept={kind.data?.evidence.mediaTypes ?? []} files={files} onChange={setFiles} />
        <Form.Item
          name="note"
          label={t.note}
          rules={[{ required: true, whitespace: true, message: t.noteNeeded }]}
          style={{ marginTop: 12 }}
        >
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
        {error && <ProblemShown error={error} />}
        <Button type="primary" htmlType="submit" loading={isPending}>
          {t.sendSupplement}
        </Button>
      </Form>
    </Panel>
  );
}
