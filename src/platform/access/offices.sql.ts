/** Whether an office (alias `o`) is held at an instant (`at`, a parameter). */
export const HOLDS_OFFICE_AT = (o: string, at: string): string =>
  `${o}.held_from <= ${at} and (${o}.held_until is null or ${o}.held_until > ${at})`;
