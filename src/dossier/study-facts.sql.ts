/** The study facts of an enrolment, or of a version of one, as columns of an answer. */
export const STUDY_FACTS_OF = (row: string): string =>
  `${row}.admission_kind as "admissionKind", ${row}.origin, ${row}.cross_stage as "crossStage", ${row}.teaching_site as "teachingSite",
    ${row}.number_at_school as "numberAtSchool"`;
