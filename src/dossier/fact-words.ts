import { codeWord } from '../code-sets/code-sets.js';

/** Facts whose values are codes of a set, of the person and of the study. */
const SET_OF: Readonly<Record<string, string>> = {
  sex: 'sexes',
  ethnicGroup: 'ethnic-groups',
  documentType: 'document-types',
  guardianDocumentType: 'document-types',
  secondGuardianDocumentType: 'document-types',
  politicalStatus: 'political-status',
  householdType: 'household-types',
  householdDivision: 'divisions',
  healthStatus: 'health-status',
  guardianRelation: 'guardian-relations',
  secondGuardianRelation: 'guardian-relations',
  nationality: 'nationalities',
  overseasMark: 'overseas-marks',
  admissionKind: 'admission-kinds',
  origin: 'origins',
  crossStage: 'cross-stage-programmes',
  studyMode: 'study-modes',
};

/** A fact as people read it, in Chinese. */
export const factWord = (fact: string, value: string): string => (SET_OF[fact] ? codeWord(SET_OF[fact], value) : value);
