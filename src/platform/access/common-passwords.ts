let loaded: Promise<ReadonlySet<string>> | undefined;

/** Some 50,000 passwords that many people have, in lower case. They are loaded when first asked for, because they take 15 MB. */
export const commonPasswords = (): Promise<ReadonlySet<string>> =>
  (loaded ??= import('@zxcvbn-ts/language-common').then(({ dictionary }) => new Set(dictionary['passwords-common'])));
