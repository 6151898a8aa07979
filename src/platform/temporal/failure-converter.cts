// CommonJS, because the SDK loads it by require.
import { DefaultFailureConverter } from '@temporalio/common';

/** Puts failure messages and stack traces where the codec reaches them. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
