import { CERTIFICATES, type CertificateKind } from '../domain/dossier/certificate.js';
import { CERTIFICATE_VALIDITY, STUDY_STATES, VERIFY_WORDS } from '../domain/messages/verify-words.js';
import type { Language, Words } from '../domain/messages/words.js';
import { RELEASED_SETS } from '../code-sets/code-sets.js';
import type { VerificationView, VerifiedView } from './verifications.dto.js';
import { html, Markup } from './verify-page.html.js';

/** What was typed, and in which of the two forms. */
export interface Typed {
  readonly code?: string;
  readonly certificateNumber?: string;
  readonly documentNumber?: string;
  readonly name?: string;
}

export const FORMS = {
  code: ['code', 'name'],
  number: ['certificateNumber', 'documentNumber', 'name'],
} as const satisfies Record<string, readonly (keyof Typed)[]>;
export type FormName = keyof typeof FORMS;

export interface Page {
  readonly language: Language;
  readonly typed?: Typed;
  readonly form?: FormName;
  /** Fields of that form without which nothing was asked. */
  readonly missing?: readonly (keyof Typed)[];
  readonly answer?: VerificationView;
  /** Why nothing was verified, for people. */
  readonly failure?: Words;
}

type Say = (key: keyof typeof VERIFY_WORDS) => string;

/** The whole page. It needs no script: a script only moves the fragment of a QR code into a field. */
export function verifyPage(page: Page): string {
  const say: Say = (key) => VERIFY_WORDS[key][page.language];
  const other = page.language === 'zh' ? 'en' : 'zh';
  const told = outcome(page, say);
  return html`<!doctype html>
    <html lang="${page.language === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${told ? `${told.title} – ` : ''}${say('title')}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/verify/style.css" />
        <script src="/verify/fragment.js" defer></script>
      </head>
      <body>
        <header>
          <a id="language" href="/verify?lang=${other}" hreflang="${other}" lang="${other === 'zh' ? 'zh-CN' : 'en'}"
            >${say('otherLanguage')}</a
          >
        </header>
        <main>
          <h1>${say('title')}</h1>
          <p>${say('about')}</p>
          ${told?.section}
          <noscript><p>${say('noScript')}</p></noscript>
          <div class="forms">${form(page, say, 'code')} ${form(page, say, 'number')}</div>
          <p class="small">${say('privacy')}</p>
        </main>
      </body>
    </html> `.text;
}

function form(page: Page, say: Say, name: FormName): Markup {
  const [title, hint] = name === 'code' ? (['byCode', 'byCodeHint'] as const) : (['byNumber', 'byNumberHint'] as const);
  return html`<form method="post" action="/verify?lang=${page.language}" autocomplete="off">
    <h2>${say(title)}</h2>
    <p class="small" id="${name}-hint">${say(hint)}</p>
    <input type="hidden" name="form" value="${name}" />
    ${FORMS[name].map((one) => field(page, say, name, one))}
    <button type="submit">${say('verify')}</button>
  </form>`;
}

function field({ form: sent, typed, missing = [] }: Page, say: Say, form: FormName, name: keyof Typed): Markup {
  const id = `${form}-${name}`;
  const value = sent === form ? typed?.[name] : undefined;
  const isMissing = sent === form && missing.includes(name);
  const described = isMissing ? html` aria-invalid="true" aria-describedby="${id}-missing"` : html` aria-describedby="${form}-hint"`;
  return html`<div class="field">
    <label for="${id}">${say(name)}</label>
    ${isMissing ? html`<p class="missing" id="${id}-missing">${say('missing')}${say(name)}</p>` : undefined}
    <input id="${id}" name="${name}" value="${value ?? ''}" maxlength="100" required autocapitalize="off" spellcheck="false" ${described} />
  </div>`;
}

/** What came of it, with the words that the title begins with. Its heading has the focus, so that it is read out first. */
function outcome({ answer, failure, missing = [], language }: Page, say: Say): { title: string; section: Markup } | undefined {
  if (answer?.shown) return told('match', say('match'), facts(answer.shown, language, say));
  if (answer) return told('no-match', say('noMatch'), html`<p>${say('whyNoMatch')}</p>`);
  if (failure) return told('failed', say('failed'), html`<p>${failure[language]}</p>`);
  if (missing.length > 0)
    return told('failed', say('failed'), html`<p>${say('missing')}${missing.map(say).join(language === 'zh' ? '、' : ', ')}</p>`);
  return undefined;
}

const told = (kind: string, title: string, more: Markup) => ({
  title,
  section: html`<section class="outcome ${kind}" aria-labelledby="outcome">
    <h2 id="outcome" tabindex="-1" autofocus>${title}</h2>
    ${more}
  </section>`,
});

function facts(shown: VerifiedView, language: Language, say: Say): Markup {
  const of = (all: Readonly<Record<string, Words>>, code: string): string => all[code]?.[language] ?? code;
  const { certificate } = shown;
  const leaves = shown.state === 'active' || shown.state === 'suspended' ? 'leavingOn' : 'leftOn';
  const rows: (readonly [keyof typeof VERIFY_WORDS, string | null | undefined])[] = [
    ['name', shown.name],
    ['sex', nameIn('sexes', shown.sex, language)],
    ['documentNumber', shown.documentNumber],
    ['studyState', of(STUDY_STATES, shown.state)],
    ['school', shown.school],
    ['major', shown.major],
    ['studyMode', nameIn('study-modes', shown.studyMode, language)],
    ['length', `${shown.lengthYears} ${say('years')}`],
    ['enrolledOn', shown.enrolledOn],
    [leaves, shown.leavingOn],
    ['kind', certificate && CERTIFICATES[certificate.kind as CertificateKind][language]],
    ['certificateNumber', certificate?.number],
    ['state', certificate && of(CERTIFICATE_VALIDITY, certificate.state)],
    ['issuer', certificate?.issuer],
    ['issuedOn', certificate?.issuedOn],
    ['asOf', shown.asOf],
  ];
  const told = rows.flatMap(([key, value]) =>
    value
      ? [
          html`<div>
            <dt>${say(key)}</dt>
            <dd>${value}</dd>
          </div>`,
        ]
      : [],
  );
  return html`<dl>${told}</dl>`;
}

function nameIn(set: string, code: string, language: Language): string {
  const item = RELEASED_SETS[set]?.items.find((one) => one.code === code) as { zh: string; en?: string } | undefined;
  return (language === 'en' ? item?.en : undefined) ?? item?.zh ?? code;
}
