import { Router, type Request, type Response } from 'express';
import { MESSAGES, remedyOf, statusOf, type MessageCode } from '../../domain/messages/messages.js';
import { words, type Language, type Words } from '../../domain/messages/words.js';
import { languageOf } from './language.js';

/** What a status says of who can do something. */
const BY_STATUS: Readonly<Record<number, Words>> = {
  400: words('请求的写法有误，请开发人员检查所发送的内容。', 'The request is written wrongly: its developer looks at what was sent.'),
  401: words('请重新登录。', 'Sign in again.'),
  403: words('须由担任相应职务的人员办理。', 'It is for somebody who holds the office.'),
  404: words('请核对所查询的内容，或请有权查看的人员办理。', 'Check what was asked for, or ask somebody who may see it.'),
  409: words('请查看最新状态，再决定下一步。', 'Read the present state, and decide what to do then.'),
  413: words('请减少一次提交的内容。', 'Send less at once.'),
  415: words('请使用接口说明中的格式。', 'Use a format that the reference names.'),
  422: words('请填写人按提示改正后重新提交。', 'Whoever filled it in puts it right and sends it again.'),
  429: words('请稍后再试，间隔见回复。', 'Try again after the time that the answer says.'),
  500: words('请将回复中的跟踪编号告知运维人员。', 'Tell an operator the trace id of the answer.'),
  503: words('请稍后以相同的幂等键重试；持续出现请联系运维人员。', 'Try again with the same key; tell an operator if it goes on.'),
  507: words('请联系运维人员扩充存储空间。', 'An operator adds storage.'),
};
const AS_TOLD = words('请按提示办理。', 'Do as it says.');

const TEXTS = {
  title: words('系统提示说明', 'What refusals mean'),
  status: words('状态码', 'Status'),
  means: words('含义', 'What it means'),
  remedy: words('如何处理', 'What to do'),
  all: words('全部提示', 'All of them'),
  none: words('没有此提示。', 'There is none of that code.'),
  home: words('中等职业学校学生学籍系统', 'Dossiers of secondary vocational students'),
  reference: words('接口说明', 'Reference of the API'),
  document: words('接口文档（OpenAPI）', 'OpenAPI document'),
  verify: words('学历与在读核验', 'Verify a certificate or an enrolment'),
  other: words('English', '中文'),
} as const;

const STYLE =
  'body{font:16px/1.7 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}code{background:#f2f2f2}';
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'`;

const isCode = (code: string): code is MessageCode => Object.hasOwn(MESSAGES, code);

function page(language: Language, title: string, content: string): string {
  return `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport"
content="width=device-width"><title>${title}</title><style>${STYLE}</style></head><body><main><h1>${title}</h1>${content}</main>
<p><a href="?lang=${language === 'zh' ? 'en' : 'zh'}">${TEXTS.other[language]}</a></p></body></html>`;
}

const listed = (language: Language): string =>
  `<ul>${Object.entries(MESSAGES)
    .map(([code, said]) => `<li><a href="/problems/${code}?lang=${language}"><code>${code}</code></a> ${said[language]}</li>`)
    .join('')}</ul>`;

function one(language: Language, code: MessageCode): string {
  const remedy = remedyOf(code) ?? BY_STATUS[statusOf(code)] ?? AS_TOLD;
  return `<p><code>${code}</code>　${TEXTS.status[language]} ${statusOf(code)}</p><h2>${TEXTS.means[language]}</h2>
<p>${MESSAGES[code][language]}</p><h2>${TEXTS.remedy[language]}</h2><p>${remedy[language]}</p>
<p><a href="/problems?lang=${language}">${TEXTS.all[language]}</a></p>`;
}

/** A person may choose by the address; a browser says it otherwise. */
function askedFor(request: Request): Language {
  const { lang } = request.query;
  return lang === 'zh' || lang === 'en' ? lang : languageOf(request);
}

function serve(response: Response, status: number, { language, html }: { language: Language; html: string }): void {
  response
    .status(status)
    .set({ 'Content-Security-Policy': POLICY, 'Content-Language': language })
    .vary('Accept-Language')
    .type('html')
    .send(html);
}

/**
 * Pages for people at the address of each problem: what it means, and who can do what. `/links` leads to them, and `/` does where no
 * workbench stands.
 */
export function problemPages(): Router {
  const router = Router();
  router.get(['/', '/links'], (request, response) => {
    const language = askedFor(request);
    const links: readonly (readonly [string, Words])[] = [
      ['/docs', TEXTS.reference],
      ['/openapi.json', TEXTS.document],
      ['/problems', TEXTS.title],
      ['/verify', TEXTS.verify],
    ];
    const items = links.map(([href, said]) => `<li><a href="${href}">${said[language]}</a></li>`).join('');
    serve(response, 200, { language, html: page(language, TEXTS.home[language], `<ul>${items}</ul>`) });
  });
  router.get('/problems', (request, response) => {
    const language = askedFor(request);
    serve(response, 200, { language, html: page(language, TEXTS.title[language], listed(language)) });
  });
  router.get('/problems/:code', (request, response) => {
    const language = askedFor(request);
    const { code } = request.params;
    const html = isCode(code)
      ? page(language, MESSAGES[code][language], one(language, code))
      : page(language, TEXTS.none[language], listed(language));
    serve(response, isCode(code) ? 200 : 404, { language, html });
  });
  return router;
}
