import { Param } from '@nestjs/common';
import { Problem } from './problem.js';

/** The version in the path. Text that is no version is answered as an unknown one. */
export const VersionParam = () =>
  Param('version', {
    transform: (text: string): number => {
      if (!/^\d{1,6}$/.test(text)) throw new Problem('not-found');
      return Number(text);
    },
  });
