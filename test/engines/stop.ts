import { release } from './guard.js';

/** Ends the engines that `start` started. */
export default async function stop(): Promise<void> {
  await release();
}
