/** The file that names the Temporal server running on a folder, for adoption and for those who clean up. */
export const TEMPORAL_RECORD = 'temporal.json';
