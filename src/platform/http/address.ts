/** The path of an address as logs and problems may show it. A document number or a name that a client wrongly put there is hidden. */
export const shownPath = (address: string): string =>
  (address.split('?')[0] ?? '').replace(/[A-Z]?\d{14,}[\dX]*/gi, '…').replace(/(%[0-9A-F]{2})+/gi, '…');
