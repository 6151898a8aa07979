/** The release that the API's document is of; `package.json` says the same. */
export const RELEASE = '0.1.0';
