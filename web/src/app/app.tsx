import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { App as AntdApp, ConfigProvider, theme } from 'antd';
import en from 'antd/locale/en_GB';
import zh from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { Refusal } from '../ground/api';
import { PreferencesOfThisDevice, usePreferences } from '../ground/language';
import { meQuery } from '../ground/me';
import { router } from './router';

/** Faces that the screens of an office have. Latin first, because Chinese faces draw Latin wide. */
const FACES = [
  'system-ui, -apple-system, "Segoe UI", "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei"',
  '"Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei", sans-serif',
].join(', ');

const LIGHT = '#9cc4f5';

const nonce = document.querySelector<HTMLElement>('script[nonce]')?.nonce;

/** A session that ended leads to the sign-in and back again, wherever it was noticed. */
function ended(error: Error): void {
  if (!(error instanceof Refusal) || error.status !== 401 || !queries.getQueryData(meQuery.queryKey)) return;
  queries.removeQueries({ queryKey: meQuery.queryKey });
  void router.navigate({ to: '/sign-in', search: { back: router.state.location.href, ended: true } });
}

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: ended }),
  mutationCache: new MutationCache({ onError: ended }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (tries, error) => tries < 3 && error instanceof Refusal && error.isPassing,
    },
  },
});

export function App() {
  return (
    <PreferencesOfThisDevice>
      <QueryClientProvider client={queries}>
        <Themed />
      </QueryClientProvider>
    </PreferencesOfThisDevice>
  );
}

function Themed() {
  const { language, scheme } = usePreferences();
  const isDark = scheme === 'dark';
  dayjs.locale(language === 'zh' ? 'zh-cn' : 'en');
  return (
    <ConfigProvider
      locale={language === 'zh' ? zh : en}
      csp={nonce ? { nonce } : undefined}
      button={{ autoInsertSpace: false }}
      theme={{
        algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
        // The primary colour, on which white is read, is too dark for text on black.
        components: isDark ? { Menu: { itemSelectedColor: LIGHT }, Tabs: { itemSelectedColor: LIGHT, itemHoverColor: LIGHT } } : {},
        token: {
          fontFamily: FACES,
          colorPrimary: isDark ? '#3a78cc' : '#1650a8',
          colorPrimaryHover: isDark ? '#2d5f9f' : '#0f4391',
          colorLinkHover: isDark ? '#9cc4f5' : '#0b3a80',
          colorLinkActive: isDark ? '#9cc4f5' : '#0b3a80',
          colorLink: isDark ? '#7db0f2' : '#1650a8',
          // Contrast of 4.5 to 1, which the greys of antd miss.
          colorTextSecondary: isDark ? 'rgba(255,255,255,0.72)' : 'rgba(0,0,0,0.66)',
          colorTextTertiary: isDark ? 'rgba(255,255,255,0.66)' : 'rgba(0,0,0,0.6)',
          colorTextDescription: isDark ? 'rgba(255,255,255,0.72)' : 'rgba(0,0,0,0.62)',
          colorTextPlaceholder: isDark ? 'rgba(255,255,255,0.6)' : 'rgba(0,0,0,0.58)',
          ...(isDark ? { colorErrorText: '#f0686a' } : { colorSuccess: '#2b7a0b', colorError: '#c0271f', colorWarning: '#a15c00' }),
          borderRadius: 6,
        },
      }}
    >
      <AntdApp style={{ height: '100%' }}>
        <RouterProvider router={router} context={{ queries }} />
      </AntdApp>
    </ConfigProvider>
  );
}
