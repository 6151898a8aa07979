import { useQuery } from '@tanstack/react-query';
import { App, Button, Checkbox, Form, Input, Radio, Spin } from 'antd';
import { api, told, type Schemas } from '../ground/api';
import { useChoices } from '../ground/codes';
import { useWords } from '../ground/language';
import { ProblemShown } from '../ground/problem';
import { useSend } from '../ground/send';
import { notificationsWords } from '../words/notifications';
import './preferences.css';

type Wanted = Schemas['Preferences'];

/** Which notifications one wants, and whether also by mail. */
export function Preferences() {
  const { data, error, refetch } = useQuery({
    queryKey: ['notifications', 'preferences'],
    queryFn: ({ signal }) => told(api.GET('/api/v1/notifications/preferences', { signal })),
    staleTime: Infinity,
  });
  if (error) return <ProblemShown error={error} onRetry={() => void refetch()} />;
  return data ? <Fields now={data} /> : <Spin />;
}

function Fields({ now }: { now: Schemas['PreferencesView'] }) {
  const t = useWords(notificationsWords);
  const kinds = useChoices('notification-kinds');
  const { message } = App.useApp();
  const [form] = Form.useForm<Wanted>();
  const chosen = Form.useWatch('kinds', form) ?? now.kinds;
  const { go, error, isPending } = useSend({
    send: (body: Wanted) => told(api.PUT('/api/v1/notifications/preferences', { body })),
    changes: [['notifications', 'preferences']],
    onDone: () => message.success(t.saved),
  });
  const all = kinds.map(({ value }) => value) as Wanted['kinds'];
  return (
    <Form<Wanted>
      form={form}
      layout="vertical"
      initialValues={now}
      onFinish={(values) => go({ ...values, email: values.email ? values.email : null })}
    >
      <Form.Item name="mail" label={t.mail}>
        <Radio.Group
          options={[
            { value: 'none', label: t.mailNone },
            { value: 'now', label: t.mailNow },
            { value: 'digest', label: t.mailDigest },
          ]}
        />
      </Form.Item>
      <Form.Item name="email" label={t.email} rules={[{ type: 'email', message: t.emailWrong }]}>
        <Input type="email" autoComplete="email" style={{ maxWidth: 360 }} />
      </Form.Item>
      <fieldset className="kinds">
        <legend>{t.kinds}</legend>
        <p>{t.kindsHelp}</p>
        <Checkbox
          checked={chosen.length === all.length}
          indeterminate={chosen.length > 0 && chosen.length < all.length}
          onChange={({ target }) => form.setFieldValue('kinds', target.checked ? all : [])}
        >
          {t.allKinds}
        </Checkbox>
        <Form.Item name="kinds" noStyle>
          <Checkbox.Group options={kinds} />
        </Form.Item>
      </fieldset>
      {error && <ProblemShown error={error} />}
      <Button type="primary" htmlType="submit" loading={isPending}>
        {t.save}
      </Button>
    </Form>
  );
}
