import { v5 as uuidFromName } from 'uuid';

const NAMESPACE = 'b6a4d1f2-7c35-5e0a-9d1b-2f8e6c4a9073';

/** The same id for the same thing in every demonstration, so that a link into one is a link into all. */
export const demoId = (
  kind:
    | 'organisation'
    | 'person'
    | 'head'
    | 'office'
    | 'student'
    | 'enrolment'
    | 'class'
    | 'policy'
    | 'registration'
    | 'duplicate'
    | 'lateWindow'
    | 'evidence',
  code: string,
): string => uuidFromName(`${kind}/${code}`, NAMESPACE);
