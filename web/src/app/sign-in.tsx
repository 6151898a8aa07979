import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { Alert, Button, Card, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import { api, Refusal, told } from '../ground/api';
import { useLanguage, useWords } from '../ground/language';
import { useTitle } from '../ground/page';
import { ProblemShown } from '../ground/problem';
import { shellWords } from '../words/shell';
import { signInWords } from '../words/sign-in';
import { Switches } from './switches';
import { changePassword, enter, signIn, signInAs, type Credentials } from './session';
import './sign-in.css';

const LEAST = 12;
const route = getRouteApi('/sign-in');

interface DemoAccount {
  username: string;
  office: string;
  organisation: { id: string; name: string };
}

export function SignIn() {
  const t = useWords(signInWords);
  const shell = useWords(shellWords);
  const { back, ended } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const [oneTime, setOneTime] = useState<Credentials>();
  useTitle(t.title);
  const go = async () => {
    await enter(queries);
    router.history.push(back ?? '/');
  };
  const signingIn = useMutation({
    mutationFn: signIn,
    onSuccess: async (answer, credentials) => {
      if (answer.passwordChangeRequired) setOneTime(credentials);
      else await go();
    },
  });
  const trying = useMutation({ mutationFn: signInAs, onSuccess: go });
  const changing = useMutation({
    mutationFn: ({ currentPassword, newPassword }: { currentPassword: string; newPassword: string }) =>
      changePassword(currentPassword, newPassword),
    onSuccess: go,
  });
  return (
    <div className="sign-in">
      <header>
        <img src="/mark.svg" alt="" width={32} height={32} />
        <strong>{shell.product}</strong>
        <Switches />
      </header>
      <main id="content" tabIndex={-1}>
        <Card>
          <Typography.Title level={1} style={{ fontSize: 22, marginTop: 0 }}>
            {oneTime ? t.changeTitle : t.title}
          </Typography.Title>
          {ended && !oneTime && !signingIn.error && <Alert type="info" showIcon title={t.ended} style={{ marginBottom: 16 }} />}
          {oneTime ? (
            <Form<{ newPassword: string }>
              layout="vertical"
              requiredMark={false}
              onFinish={({ newPassword }) => changing.mutate({ currentPassword: oneTime.password, newPassword })}
            >
              <p>{t.change}</p>
              <Form.Item name="newPassword" label={t.newPassword} rules={[{ min: LEAST, required: true, message: t.short }]}>
                <Input.Password autoComplete="new-password" autoFocus size="large" />
              </Form.Item>
              <Form.Item
                name="again"
                label={t.again}
                dependencies={['newPassword']}
                rules={[
                  ({ getFieldValue }) => ({
                    validator: (_, value) =>
                      value === getFieldValue('newPassword') ? Promise.resolve() : Promise.reject(new Error(t.different)),
                  }),
                ]}
              >
                <Input.Password autoComplete="new-password" size="large" />
              </Form.Item>
              {changing.error && <ProblemShown error={changing.error} />}
              <Button type="primary" htmlType="submit" size="large" block loading={changing.isPending}>
                {t.save}
              </Button>
            </Form>
          ) : (
            <Form<Credentials> layout="vertical" requiredMark={false} onFinish={(credentials) => signingIn.mutate(credentials)}>
              <Form.Item name="username" label={t.username} rules={[{ required: true, message: t.needUsername }]}>
                <Input autoComplete="username" autoFocus size="large" autoCapitalize="none" spellCheck={false} />
              </Form.Item>
              <Form.Item name="password" label={t.password} rules={[{ required: true, message: t.needPassword }]}>
                <Input.Password autoComplete="current-password" size="large" />
              </Form.Item>
              {signingIn.error && (
                <div style={{ marginBottom: 16 }}>
                  <ProblemShown error={signingIn.error} />
                </div>
              )}
              <Button type="primary" htmlType="submit" size="large" block loading={signingIn.isPending}>
                {t.submit}
              </Button>
            </Form>
          )}
        </Card>
        {!oneTime && <Demonstration busy={trying.isPending} error={trying.error} onChoose={trying.mutate} />}
      </main>
      <footer>
        <a href="/verify">{shell.verify}</a>
        <a href="/problems">{shell.problems}</a>
        <a href="/docs">{shell.reference}</a>
      </footer>
    </div>
  );
}

const SHOWN = 12;

/** Only the demonstration has accounts to click on; elsewhere the route answers 404 and nothing is shown. */
function Demonstration({ busy, error, onChoose }: { busy: boolean; error: Error | null; onChoose: (account: string) => void }) {
  const t = useWords(signInWords);
  const language = useLanguage();
  const [sought, setSought] = useState('');
  const { data = [] } = useQuery({
    queryKey: ['demo'],
    queryFn: async ({ signal }) => {
      const answer = await told(api.GET('/api/v1/demo', { signal })).catch((error: unknown) => {
        if (error instanceof Refusal) return { accounts: [] };
        throw error;
      });
      return (answer.accounts ?? []) as unknown as DemoAccount[];
    },
    staleTime: Infinity,
  });
  if (data.length === 0) return null;
  const wanted = sought.trim().toLowerCase();
  const found = data.filter((one) =>
    `${one.organisation.name} ${officeWord(one.office, 'zh')} ${officeWord(one.office, 'en')} ${one.username}`
      .toLowerCase()
      .includes(wanted),
  );
  return (
    <Card>
      <Typography.Title level={2} style={{ fontSize: 16, marginTop: 0 }}>
        {t.demoTitle}
      </Typography.Title>
      <p>{t.demo}</p>
      {error && <ProblemShown error={error} />}
      <Input
        allowClear
        type="search"
        aria-label={t.find}
        placeholder={t.find}
        value={sought}
        onChange={({ target }) => setSought(target.value)}
      />
      <ul className="demo-accounts">
        {found.slice(0, SHOWN).map((one) => (
          <li key={`${one.username} ${one.office} ${one.organisation.id}`}>
            <Button block disabled={busy} onClick={() => onChoose(one.username)}>
              <span>
                <strong>{officeWord(one.office, language)}</strong> {one.organisation.name}
              </span>
              <small>{one.username}</small>
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Nobody has signed in, so that the sets of codes cannot be asked for their words. */
const OFFICE_WORDS: Readonly<Record<string, { zh: string; en: string }>> = {
  schoolClerk: { zh: '学校经办', en: 'School clerk' },
  schoolReviewer: { zh: '学校审核', en: 'School reviewer' },
  authorityReviewer: { zh: '主管部门审核', en: 'Authority reviewer' },
  authoritySupervisor: { zh: '主管部门监督', en: 'Authority supervisor' },
  orgAdmin: { zh: '机构管理', en: 'Administrator' },
  operator: { zh: '运维', en: 'Operator' },
};
const officeWord = (office: string, language: 'zh' | 'en'): string => OFFICE_WORDS[office]?.[language] ?? office;
