import { Form, Input } from 'antd';
import { formWords } from '../words/form';
import { FormDialog } from './form-dialog';
import { useWords } from './language';

const LONGEST = 200;

/** What is on record with a reason. */
export function ReasonDialog({
  title,
  help,
  go,
  sending,
  onClose,
}: {
  title: string;
  help?: string;
  go: (reason: string) => void;
  sending: { error: Error | null; isPending: boolean };
  onClose: () => void;
}) {
  const t = useWords(formWords);
  return (
    <FormDialog<{ reason: string }>
      title={title}
      {...(help ? { help } : {})}
      send={({ reason }) => go(reason)}
      sending={sending}
      onClose={onClose}
    >
      <Form.Item name="reason" label={t.reason} rules={[{ required: true, message: t.needed }]}>
        <Input.TextArea rows={3} maxLength={LONGEST} />
      </Form.Item>
    </FormDialog>
  );
}
