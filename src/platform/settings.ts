import { z } from 'zod';
import * as is from './variables.js';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const PORTS = [1, 65_535] as const;
const POSTGRES = [/^postgres(ql)?:\/\//, 'a postgresql:// address'] as const;

/** Also judged when a variable of the group is wrong in itself, so that one start names everything. */
const always = { when: () => true };

/** Every variable of the environment, in the groups and the order of docs/configuration.md, which scripts/configuration.mjs writes. */
export const SETTINGS = {
  '数据库 Database': z.object({
    DATABASE_URL: is.required(
      '`postgresql://…`',
      ...POSTGRES,
      '应用账号的数据库地址，须为角色 `xueji_app` 的成员 database, by a user who is a member of the role `xueji_app`',
    ),
    /** readFrom() gives it the application's address when it has none. */
    DATABASE_OWNER_URL: is.databaseOwner(
      '`postgresql://…`',
      ...POSTGRES,
      '表所有者的地址，供 `npm run migrate` the same by the owner of the tables, for `npm run migrate`',
    ),
    DATABASE_POOL: is.whole(20, [2, 500], '每个进程的连接数 connections of each process'),
  }),
  '接口 API': z.object({
    PORT: is.whole(3000, [0, 65_535], '监听端口 port on which the API listens'),
    HOST: is.text('0.0.0.0', '监听地址，`npm start` 时为 127.0.0.1 address on which it listens; under `npm start` 127.0.0.1'),
    PUBLIC_URL: is.originOr(
      'http://127.0.0.1:3000',
      '公众访问本系统的地址，印在证书二维码中 the address by which the public reaches this system; printed in the QR codes of certificates',
    ),
    CORS_ORIGINS: is.origins('允许其网页直接调用接口的来源 origins whose pages may call the API from a browser; without it none may'),
    TRUST_PROXY: is.proxies(
      'loopback',
      '采信其 `X-Forwarded-For` 的代理 whose `X-Forwarded-For` is believed: so many proxies, or those at these addresses',
    ),
    REQUEST_SECONDS: is.whole(60, [1, 600], '请求头和请求体须在此秒数内到达 seconds for the headers and the body of a request to arrive'),
    SESSION_HOURS: is.whole(12, [1, 720], '登录有效小时数 hours that a login lasts'),
    SERVICE_ACCOUNT_DAYS: is.whole(
      400,
      [1, 3650],
      '服务账号最长有效天数 days that a service account lasts at most ([0093](decisions/0093-service-accounts.md))',
    ),
    DEMO: is.flag('演示：`GET /api/v1/demo` 及公开密码的演示账号 the demonstration, whose passwords are public; `npm start` sets `true`'),
  }),
  '限额 Limits': z.object({
    REQUESTS_PER_MINUTE: is.whole(
      3000,
      [60, 10_000_000],
      '每人每分钟请求数，每个 API 进程分别计数 requests of a person a minute, counted by each process of the API',
    ),
    DOSSIERS_PER_DAY: is.whole(
      500,
      [1, 10_000_000],
      '每人每日查阅的学籍档案数 students whose dossier or evidence a person reads a day; over it the superior is told',
    ),
    UNMASKINGS_PER_DAY: is.whole(30, [1, 10_000_000], '每人每日查看完整证件信息次数 times a day that a person sees masked values whole'),
    LISTED_PER_DAY: is.whole(
      20_000,
      [1, 10_000_000],
      '每人每日在本校名单中查看的姓名和学籍号数 names and student numbers a day that a person sees whole in lists of the own school',
    ),
    EXPORTS_PER_DAY: is.whole(20, [1, 10_000_000], '每人每日导出名单次数 lists a day that a person exports'),
    DUPLICATES_PER_DAY: is.whole(
      50,
      [1, 10_000_000],
      '每人每日疑似重复注册次数 registrations a day of a person that may be duplicates; over it none is taken that day',
    ),
    UPLOADED_MB_PER_DAY: is.whole(1000, [1, 10_000_000], '每人每日上传总量（MB） megabytes that a person uploads a day'),
    VERIFICATIONS_PER_MINUTE: is.whole(
      600,
      [1, 10_000_000],
      '每分钟公众核验总次数，全系统合计 verifications by the public a minute, of all addresses together',
    ),
    ORGANISATION_TIMES: is.whole(
      10,
      [1, 1000],
      '单位合计限额为个人限额的倍数 how many times each of these limits all persons of an organisation have together',
    ),
  }),
  '密钥 Keys': z
    .object({
      FIELD_KEY: is.keys('加密个人信息 encrypts personal fields'),
      INDEX_KEY: is.key('个人信息检索用 HMAC，不得与 `FIELD_KEY` 相同 keys their look-ups; must differ from `FIELD_KEY`'),
      PAYLOAD_KEY: is.optionalKeys(
        '加密送往 Temporal 的内容，运维经接口解密 encrypts what goes to Temporal; operators decode at `POST /api/v1/codec/decode`',
      ),
    })
    .refine(({ FIELD_KEY, INDEX_KEY }) => !FIELD_KEY.some(({ key }) => key.equals(INDEX_KEY)), {
      path: ['FIELD_KEY'],
      error: 'and INDEX_KEY must differ',
    }),
  Temporal: z
    .object({
      TEMPORAL_ADDRESS: is.text('127.0.0.1:7233', '服务地址 the server'),
      TEMPORAL_NAMESPACE: is.text('default', '命名空间 namespace'),
      TEMPORAL_TASK_QUEUE: is.text('change-requests', '任务队列 task queue'),
      TEMPORAL_TLS_CA: is.optional('TLS 根证书文件 file of the authority of the TLS connection'),
      TEMPORAL_TLS_CERT: is.optional('TLS 客户端证书文件，与私钥同时提供 file of the client certificate; goes with its key'),
      TEMPORAL_TLS_KEY: is.optional('TLS 客户端私钥文件 file of the key of that certificate'),
      TEMPORAL_UI_URL: is.optional(
        'Temporal UI 地址，供 `npm start` 显示 address of the Temporal UI, printed by `npm start` when it starts none itself',
      ),
      TEMPORAL_UI_ORIGIN: is.origin(
        '可从浏览器访问解密接口的 Temporal UI 来源 origin of the Temporal UI, whose pages alone may ask the codec endpoint from a browser',
      ),
      WORKFLOW_BUNDLE: is.optional('编译后的流程 the compiled workflows', '`dist/workflow-bundle.js`'),
      WORKFLOW_CACHE: is.optionalWhole(
        [2, 100_000],
        '每个 worker 在内存中保留的流程数 cases that a worker keeps in memory ([0033](decisions/0033-a-small-cache.md))',
        'as many as the heap holds',
      ),
    })
    .refine(({ TEMPORAL_TLS_CERT, TEMPORAL_TLS_KEY }) => !TEMPORAL_TLS_CERT === !TEMPORAL_TLS_KEY, {
      path: ['TEMPORAL_TLS_CERT'],
      error: 'and TEMPORAL_TLS_KEY go together',
      ...always,
    }),
  '身份 Identity': z
    .object({
      OIDC_ISSUER: is.safeAddress(
        '其访问令牌（JWT）与本地账号并用的 OpenID Connect 签发方 OpenID Connect issuer whose access tokens (JWT) are taken beside those of local accounts',
      ),
      OIDC_AUDIENCE: is.optional('令牌的受众，与 `OIDC_ISSUER` 同时提供 audience of those tokens; goes with `OIDC_ISSUER`'),
      OIDC_CLIENT_ID: is.optional(
        '本系统在签发方登记的客户端，供网页登录，回调地址见部署文档 this system as a confidential client of the issuer, for signing in on a page' +
          ' ([callback](deploy.md#登录-signing-in))',
      ),
      OIDC_CLIENT_SECRET: is.optional('该客户端的密钥，与 `OIDC_CLIENT_ID` 同时提供 secret of that client; goes with `OIDC_CLIENT_ID`'),
      IDENTITY_URL: is.safeAddress('身份核验服务，缺省用本地登记 population service for documents; without it a local register'),
      IDENTITY_TOKEN: is.optional('该服务的令牌 token for that service'),
      IDENTITY_TIMEOUT_MS: is.whole(3000, [100, 30_000], '每次询问的毫秒数 milliseconds for each question'),
      IDENTITY_ATTEMPTS: is.whole(3, [1, 5], '询问次数 attempts'),
    })
    .refine(({ OIDC_ISSUER, OIDC_AUDIENCE }) => OIDC_ISSUER ?? !OIDC_AUDIENCE, {
      path: ['OIDC_ISSUER'],
      error: 'goes with OIDC_AUDIENCE',
      ...always,
    })
    .refine(({ OIDC_ISSUER, OIDC_AUDIENCE }) => OIDC_AUDIENCE ?? !OIDC_ISSUER, {
      path: ['OIDC_AUDIENCE'],
      error: 'goes with OIDC_ISSUER: what tokens for this system name as their audience',
      ...always,
    })
    .refine(({ OIDC_CLIENT_ID, OIDC_CLIENT_SECRET }) => !OIDC_CLIENT_ID === !OIDC_CLIENT_SECRET, {
      path: ['OIDC_CLIENT_ID'],
      error: 'and OIDC_CLIENT_SECRET go together',
      ...always,
    })
    .refine(({ OIDC_ISSUER, OIDC_CLIENT_ID }) => OIDC_ISSUER ?? !OIDC_CLIENT_ID, {
      path: ['OIDC_ISSUER'],
      error: 'goes with OIDC_CLIENT_ID: where that client is known',
      ...always,
    }),
  '其他学籍系统 Other registers': z.object({
    REGISTER_COMPULSORY_URL: is.safeAddress(
      '义务教育学籍系统查重接口，缺省不查 the register of compulsory education; without it, it is not asked',
    ),
    REGISTER_COMPULSORY_KEY: is.optional('该接口的密钥 key of that register'),
    REGISTER_SENIOR_HIGH_URL: is.safeAddress('普通高中学籍系统查重接口，缺省不查 the register of senior high schools'),
    REGISTER_SENIOR_HIGH_KEY: is.optional('该接口的密钥 key of that register'),
    REGISTER_SKILLED_WORKER_URL: is.safeAddress('技工院校学籍系统查重接口，缺省不查 the register of skilled-worker schools'),
    REGISTER_SKILLED_WORKER_KEY: is.optional('该接口的密钥 key of that register'),
    REGISTER_UNIVERSITY_URL: is.safeAddress('高等教育学籍系统查重接口，缺省不查 the register of higher education'),
    REGISTER_UNIVERSITY_KEY: is.optional('该接口的密钥 key of that register'),
    REGISTERS_TIMEOUT_MS: is.whole(3000, [100, 30_000], '每次询问的毫秒数 milliseconds for each question'),
    REGISTERS_AGAIN_DAYS: is.whole(30, [1, 365], '对已注册学生重新查重的间隔天数 days after which those registered are asked about again'),
    REGISTERS_REACH: is.oneOf(
      ['public', 'any'],
      'public',
      '学籍系统接口可达范围：仅公网地址，或政务内网等任意地址 where registers may stand: at public addresses only, or at any (a closed network)',
    ),
  }),
  '文件 Files': z.object({
    DATA_DIR: is.text('.data', '证明材料和上传文件，`npm start` 时为全部数据 evidence and uploads; under `npm start` all data'),
    ANCHOR_FILE: is.optional(
      '账本检查点，应放在数据库管理员不能写的地方 where checkpoints of the ledger are appended; best where administrators of the database cannot write',
      '`DATA_DIR/ledger-anchors.jsonl`',
    ),
    CERTIFICATE_KEY_FILE: is.optional(
      '证书电子签名私钥（PEM，Ed25519），缺省首次使用时生成 private key (PEM, Ed25519) that signs certificates; made when first needed',
      '`DATA_DIR/certificate-key.pem`',
    ),
    EVIDENCE_MAX_MB: is.whole(10, [1, 200], '单个文件的上限（MB） size limit of an uploaded file'),
    EVIDENCE_DAYS: is.whole(30, [2, 3650], '未被申请引用的文件保留天数 days for which an upload is kept that no request names'),
    SCANNER_URL: is.clamd(
      '查毒服务 clamd，无应答时不接收文件 a clamd that looks through every upload; while it does not answer, none is accepted',
    ),
  }),
  '通知 Messages': z
    .object({
      SMTP_URL: is.mailServer('邮件服务器，可加 `?requireTLS=true` mail server; `?requireTLS=true` may follow'),
      MAIL_FROM: is.mailAddress('发件人，两项齐备才发邮件 the sender; mail is sent only with both'),
      WEBHOOK_REACH: is.oneOf(
        ['public', 'any'],
        'public',
        '网络钩子可达范围：仅公网地址，或封闭网络内任意地址 where webhooks may go: public addresses only, or any (a closed network, a receiver on this machine)',
      ),
    })
    .refine(({ SMTP_URL, MAIL_FROM }) => SMTP_URL ?? !MAIL_FROM, { path: ['SMTP_URL'], error: 'goes with MAIL_FROM', ...always })
    .refine(({ SMTP_URL, MAIL_FROM }) => MAIL_FROM ?? !SMTP_URL, { path: ['MAIL_FROM'], error: 'goes with SMTP_URL', ...always }),
  '运行 Operation': z.object({
    LOG_LEVEL: is.oneOf(LOG_LEVELS, 'info', '日志级别 level of the log'),
    METRICS_PORT: is.optionalWhole(
      PORTS,
      'API 指标的内部端口 port of `/metrics` on `HOST`, for the inside',
      '`/metrics` beside the routes of the API',
    ),
    WORKER_METRICS_PORT: is.optionalWhole(PORTS, 'worker 指标端口 port of the Temporal SDK metrics of the worker, on `HOST`'),
  }),
} as const;
