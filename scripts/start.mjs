import { prepare, prepareWeb } from './bootstrap.mjs';

await prepare(async () => {
  const { early } = await import('./early.mjs');
  const { mayStart } = await early('local/before-start.ts');
  await mayStart(process.env).catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
});
prepareWeb();
await import('../dist/local/start.js');
