import { v7 as uuid } from 'uuid';

/** A new id, UUID version 7: ids of one process sort by their time. */
export const newId = (): string => uuid();
