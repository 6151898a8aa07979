import { prepare } from './bootstrap.mjs';

prepare();
await import('../dist/bench/main.js');
