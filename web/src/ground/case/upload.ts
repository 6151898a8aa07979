import { Refusal, type Problem, type Schemas } from '../api';

/** Sends a file as evidence and tells how far it is; `fetch` tells nothing of that. @throws Refusal */
export function upload(file: File, onProgress: (percent: number) => void): Promise<Schemas['EvidenceView']> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/v1/evidence');
    request.setRequestHeader('X-Xueji-Client', 'workbench');
    request.setRequestHeader('Accept-Language', document.documentElement.lang);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(Math.floor((100 * loaded) / Math.max(total, 1)));
    request.onerror = () => reject(new Refusal(0, undefined, undefined));
    request.onload = () => {
      const answer: unknown = request.response;
      if (request.status === 201) resolve(answer as Schemas['EvidenceView']);
      else reject(new Refusal(request.status, (answer ?? undefined) as Problem | undefined, undefined));
    };
    const body = new FormData();
    body.set('file', file);
    request.send(body);
  });
}
