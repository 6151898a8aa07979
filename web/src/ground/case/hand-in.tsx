import { CheckCircleOutlined, CloseCircleFilled, DeleteOutlined, InboxOutlined } from '@ant-design/icons';
import { Button, Progress, theme } from 'antd';
import { useState } from 'react';
import { handInWords } from '../../words/hand-in';
import type { Schemas } from '../api';
import { useWords } from '../language';
import { useProblemText } from '../problem-text';
import { upload } from './upload';
import './hand-in.css';

/** A file that the server has, and which document of the list it is. */
export interface Handed {
  id: string;
  name: string;
  item?: string;
}

interface Underway {
  key: string;
  name: string;
  item: string | undefined;
  percent: number;
  error?: unknown;
}

/** What a filing or a supplement says of its files. */
export const asEvidence = (files: readonly Handed[]): { evidenceIds: string[]; evidence?: Schemas['ProofInput'][] } => {
  const evidence = files.flatMap(({ id, item }) => (item ? [{ id, item }] : []));
  return { evidenceIds: [...new Set(files.map(({ id }) => id))], ...(evidence.length > 0 ? { evidence } : {}) };
};

/** Hands files in, document by document: by choosing or dropping them, with progress, and with the reason where one is refused. */
export function HandIn({
  items,
  accept,
  files,
  onChange,
  rest,
}: {
  items: readonly { id: string; title: string }[];
  /** What files are called that are no document of the list. */
  rest?: string;
  accept: readonly string[];
  files: readonly Handed[];
  onChange: (change: (before: readonly Handed[]) => readonly Handed[]) => void;
}) {
  const t = useWords(handInWords);
  const { token } = theme.useToken();
  const why = useProblemText();
  const [underway, setUnderway] = useState<readonly Underway[]>([]);
  const update = (key: string, change: Partial<Underway>) =>
    setUnderway((before) => before.map((one) => (one.key === key ? { ...one, ...change } : one)));
  const forget = (key: string) => setUnderway((before) => before.filter((one) => one.key !== key));
  const take = (chosen: FileList | null, item: string | undefined) => {
    for (const file of chosen ?? []) {
      const key = crypto.randomUUID();
      setUnderway((before) => [...before, { key, name: file.name, item, percent: 0 }]);
      upload(file, (percent) => update(key, { percent })).then(
        ({ id, name }) => {
          forget(key);
          onChange((before) => [...before.filter((one) => one.id !== id || one.item !== item), { id, name, ...(item ? { item } : {}) }]);
        },
        (error: unknown) => update(key, { error }),
      );
    }
  };
  return (
    <div className="hand-in">
      {[...items, { id: '', title: rest ?? t.other }].map(({ id, title }) => {
        const item = id || undefined;
        return (
          <section
            key={id}
            aria-label={title}
            style={{ borderColor: token.colorBorder }}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault();
              take(event.dataTransfer.files, item);
            }}
          >
            <h3>
              {title}
              {item && `（${t.asked}）`}
            </h3>
            <label style={{ color: token.colorTextSecondary }}>
              <InboxOutlined aria-hidden /> {t.drop}
              <input
                type="file"
                multiple
                className="only-heard"
                aria-label={`${title}：${t.drop}`}
                accept={accept.join(',')}
                onChange={({ target }) => {
                  take(target.files, item);
                  target.value = '';
                }}
              />
            </label>
            <ul aria-live="polite">
              {files
                .filter((one) => one.item === item)
                .map((file) => (
                  <li key={file.id}>
                    <CheckCircleOutlined style={{ color: token.colorSuccessText }} aria-label={t.received} />
                    <a href={`/api/v1/evidence/${file.id}/content?disposition=inline`} target="_blank" rel="noopener">
                      {file.name}
                    </a>
                    <Button
                      type="text"
                      size="small"
                      icon={<DeleteOutlined />}
                      aria-label={t.remove(file.name)}
                      onClick={() => onChange((before) => before.filter((one) => one !== file))}
                    />
                  </li>
                ))}
              {underway
                .filter((one) => one.item === item)
                .map(({ key, name, percent, error }) => (
                  <li key={key}>
                    {error ? (
                      <span role="alert">
                        <CloseCircleFilled aria-hidden style={{ color: token.colorErrorText }} /> {t.refused}：{name}，{why(error)}
                        <Button
                          type="text"
                          size="small"
                          icon={<DeleteOutlined />}
                          aria-label={t.remove(name)}
                          onClick={() => forget(key)}
                        />
                      </span>
                    ) : (
                      <>
                        {name} <Progress percent={percent} size="small" aria-label={t.uploading(percent)} />
                      </>
                    )}
                  </li>
                ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
