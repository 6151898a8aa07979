import { prepareOnce } from './bootstrap.mjs';

await prepareOnce('local/reset.js');
await import('../dist/local/reset.js');
