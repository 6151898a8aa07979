import { DownloadOutlined, ExportOutlined, RotateRightOutlined, ZoomInOutlined, ZoomOutOutlined } from '@ant-design/icons';
import { Button, Empty, Space, Tabs } from 'antd';
import { useState } from 'react';
import { caseWords } from '../../words/case';
import type { Schemas } from '../api';
import { useWords } from '../language';

type File = Schemas['CaseFileView'];

const contentOf = (id: string, disposition: 'inline' | 'attachment') => `/api/v1/evidence/${id}/content?disposition=${disposition}`;
const STEP = 1.25;
const LEAST = 0.25;
const MOST = 6;

/** Files beside what they prove: pictures with zoom and rotation, PDF as the browser shows it. */
export function Evidence({ files }: { files: readonly File[] }) {
  const t = useWords(caseWords);
  if (files.length === 0) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.noEvidence} />;
  return (
    <Tabs
      destroyOnHidden
      items={files.map((file) => ({
        key: file.id,
        label: file.items.length > 0 ? file.items.map(({ title }) => title).join('、') : file.name,
        children: <OneFile key={file.id} file={file} />,
      }))}
    />
  );
}

function OneFile({ file }: { file: File }) {
  const t = useWords(caseWords);
  const [zoom, setZoom] = useState(1);
  const [turn, setTurn] = useState(0);
  const isPicture = file.type.startsWith('image/');
  return (
    <figure className="evidence">
      <Space wrap size={4} className="evidence-tools">
        {isPicture && (
          <>
            <Button icon={<ZoomInOutlined />} aria-label={t.zoomIn} title={t.zoomIn} onClick={() => setZoom(Math.min(zoom * STEP, MOST))} />
            <Button
              icon={<ZoomOutOutlined />}
              aria-label={t.zoomOut}
              title={t.zoomOut}
              onClick={() => setZoom(Math.max(zoom / STEP, LEAST))}
            />
            <Button icon={<RotateRightOutlined />} aria-label={t.rotate} title={t.rotate} onClick={() => setTurn((turn + 90) % 360)} />
          </>
        )}
        <Button type="link" icon={<ExportOutlined />} href={contentOf(file.id, 'inline')} target="_blank" rel="noopener">
          {t.newTab}
        </Button>
        <Button type="link" icon={<DownloadOutlined />} href={contentOf(file.id, 'attachment')} download>
          {t.save}
        </Button>
      </Space>
      <figcaption className="figures">
        {file.name}　{t.kilobytes(Math.max(1, Math.round(file.size / 1024)))}
      </figcaption>
      {isPicture ? (
        <div className="evidence-picture" tabIndex={0} role="group" aria-label={file.name}>
          <img src={contentOf(file.id, 'inline')} alt={file.name} style={{ width: `${zoom * 100}%`, transform: `rotate(${turn}deg)` }} />
        </div>
      ) : (
        <iframe title={file.name} src={`${contentOf(file.id, 'inline')}#view=FitH&navpanes=0`} />
      )}
    </figure>
  );
}
