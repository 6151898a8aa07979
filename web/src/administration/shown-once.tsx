import { Alert, Button, Modal, Typography } from 'antd';
import { useWords } from '../ground/language';
import { administrationWords } from '../words/administration';

/** A secret that no later answer has. */
export function ShownOnce({
  title,
  secret,
  help,
  shownBefore,
  onClose,
}: {
  title: string;
  secret: string | null;
  help: string;
  shownBefore: string;
  onClose: () => void;
}) {
  const t = useWords(administrationWords);
  return (
    <Modal
      open
      title={title}
      closable={false}
      footer={
        <Button type="primary" onClick={onClose}>
          {t.close}
        </Button>
      }
    >
      {secret ? (
        <>
          <Typography.Paragraph copyable code style={{ fontSize: 18 }}>
            {secret}
          </Typography.Paragraph>
          <p>{help}</p>
        </>
      ) : (
        <Alert type="warning" showIcon title={shownBefore} />
      )}
    </Modal>
  );
}
