import { MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button, Space } from 'antd';
import { usePreferences } from '../ground/language';
import { shellWords } from '../words/shell';
import { useWords } from '../ground/language';

/** Language and colours. */
export function Switches() {
  const t = useWords(shellWords);
  const { language, scheme, setLanguage, setScheme } = usePreferences();
  const toDark = scheme === 'light';
  const other = language === 'zh' ? 'en' : 'zh';
  return (
    <Space size={0}>
      <Button type="text" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => setLanguage(other)}>
        {t.language}
      </Button>
      <Button
        type="text"
        icon={toDark ? <MoonOutlined /> : <SunOutlined />}
        aria-label={toDark ? t.toDark : t.toLight}
        title={toDark ? t.toDark : t.toLight}
        onClick={() => setScheme(toDark ? 'dark' : 'light')}
      />
    </Space>
  );
}
