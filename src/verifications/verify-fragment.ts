/**
 * Moves what a QR code says from the fragment into its field: `#c=` a verification code, `#n=` the number of a certificate. A fragment is
 * sent to no server. Where no script runs, the number is typed.
 */
export const FRAGMENT_SCRIPT = `'use strict';
(() => {
  const fields = { c: ['code-code', 'code-name'], n: ['number-certificateNumber', 'number-documentNumber'] };
  const fill = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    for (const [key, [id, next]] of Object.entries(fields)) {
      const value = given.get(key);
      if (!value) continue;
      document.getElementById(id).value = value.slice(0, 100);
      document.getElementById(next).focus();
      history.replaceState(null, '', location.pathname + location.search);
    }
  };
  const language = document.getElementById('language');
  language.addEventListener('click', () => {
    const kept = new URLSearchParams();
    for (const [key, [id]] of Object.entries(fields)) {
      const { value } = document.getElementById(id);
      if (value) kept.set(key, value);
    }
    language.hash = kept.toString();
  });
  addEventListener('hashchange', fill);
  fill();
})();
`;
