import type { IdentityAnswer, IdentityAuthentication, IdentityQuestion } from '../identity/identity.js';

/**
 * The population service of the demonstration. Its people are invented, with their names and documents. All match but three, which show the
 * other answers.
 */
export const demonstrationIdentity: IdentityAuthentication = {
  check: ({ name, documentNumber }: IdentityQuestion): Promise<IdentityAnswer> => {
    if (name.includes('误')) return Promise.resolve('nameDiffers');
    if (name.includes('无')) return Promise.resolve('unknownDocument');
    return Promise.resolve(documentNumber.startsWith('DOWN') ? 'unavailable' : 'matched');
  },
};
