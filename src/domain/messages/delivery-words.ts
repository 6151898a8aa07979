import { words, type Words } from './words.js';

/** Why a receiver of events was not reached, for people; by the code that the log of deliveries holds. */
export const DELIVERY_FAILURES = {
  EINNER: words(
    '接收地址在内部网络，不予发送；请改用公网地址。',
    'The receiver lies in an inner network; give an address of the public one.',
  ),
  ENOTFOUND: words('接收地址的域名无法解析。', 'The name of the receiver does not resolve.'),
  ECONNREFUSED: words('接收方拒绝连接。', 'The receiver refuses connections.'),
  ECONNRESET: words('接收方中断了连接。', 'The receiver broke the connection off.'),
  ETIMEDOUT: words('接收方未在十秒内答复。', 'The receiver did not answer within ten seconds.'),
  CERT_HAS_EXPIRED: words('接收方的证书已过期。', "The receiver's certificate has expired."),
  EFAILED: words('未能送达接收方。', 'The receiver was not reached.'),
} as const satisfies Readonly<Record<string, Words>>;

const OTHER: Readonly<Record<string, Words>> = DELIVERY_FAILURES;
const answered = (status: number): Words =>
  words(`接收方答复 ${status}，未予接收。`, `The receiver answered ${status} and did not take it.`);

/** Why an attempt was in vain; undefined where the receiver took the event. */
export function whyNotDelivered({
  status,
  failure,
}: {
  readonly status?: number | null;
  readonly failure?: string | null;
}): Words | undefined {
  if (failure) return OTHER[failure] ?? DELIVERY_FAILURES.EFAILED;
  return typeof status === 'number' && (status < 200 || status >= 300) ? answered(status) : undefined;
}
