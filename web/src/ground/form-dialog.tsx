import { Form, Modal } from 'antd';
import type { ReactNode } from 'react';
import { formWords } from '../words/form';
import { useWords } from './language';
import { ProblemShown } from './problem';

/** A few fields that are sent together. What was typed stays when it is refused. */
export function FormDialog<V extends object>({
  title,
  help,
  send,
  sending,
  onClose,
  initial,
  children,
}: {
  title: string;
  help?: string;
  send: (values: V) => void;
  sending: { error: Error | null; isPending: boolean };
  onClose: () => void;
  initial?: Partial<V>;
  children: ReactNode;
}) {
  const t = useWords(formWords);
  const [form] = Form.useForm<V>();
  return (
    <Modal
      open
      title={title}
      okText={t.send}
      cancelText={t.cancel}
      confirmLoading={sending.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {help && <p>{help}</p>}
      <Form<V> form={form} layout="vertical" onFinish={send} {...(initial ? { initialValues: initial } : {})}>
        {children}
      </Form>
      {sending.error && <ProblemShown error={sending.error} />}
    </Modal>
  );
}
