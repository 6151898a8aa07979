import { App, Button, Form, Input } from 'antd';
import { api, told } from '../ground/api';
import { useWords } from '../ground/language';
import { ProblemShown } from '../ground/problem';
import { useSend } from '../ground/send';
import { accountWords } from '../words/account';
import './account.css';

const LEAST = 12;
interface Typed {
  currentPassword: string;
  newPassword: string;
  again: string;
}

export function Password() {
  const t = useWords(accountWords);
  const { message } = App.useApp();
  const [form] = Form.useForm<Typed>();
  const { go, error, isPending } = useSend({
    send: ({ currentPassword, newPassword }: Typed) => told(api.PUT('/api/v1/me/password', { body: { currentPassword, newPassword } })),
    changes: [['sessions'], ['me']],
    onDone: () => {
      form.resetFields();
      void message.success(t.changed);
    },
  });
  return (
    <Form<Typed> form={form} layout="vertical" requiredMark={false} onFinish={go} className="account-password" style={{ maxWidth: 360 }}>
      <p>{t.passwordHelp}</p>
      <Form.Item name="currentPassword" label={t.current} rules={[{ required: true, message: t.needed }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Form.Item name="newPassword" label={t.fresh} rules={[{ min: LEAST, required: true, message: t.short }]}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t.again}
        dependencies={['newPassword']}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, value) => (value === getFieldValue('newPassword') ? Promise.resolve() : Promise.reject(new Error(t.different))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {error && <ProblemShown error={error} />}
      <Button type="primary" htmlType="submit" loading={isPending}>
        {t.change}
      </Button>
    </Form>
  );
}
