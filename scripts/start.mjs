import { prepare } from './bootstrap.mjs';

prepare();
await import('../dist/local/start.js');
