import { fieldWords } from '../../words/case';
import { useManyCodes, useMajor } from '../codes';
import { dayText } from '../days';
import { useLanguage, useWords } from '../language';
import { OrganisationNamed } from '../organisation-named';

const ID = /^[\da-f]{8}-[\da-f]{4}-/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** What people call a field. */
export function useFieldName(): (field: string) => string {
  const words = useWords(fieldWords) as Readonly<Record<string, string>>;
  return (field) => words[field] ?? field;
}

/** Which set the codes of a field come from. */
export const SETS = {
  ground: 'grounds',
  state: 'enrolment-states',
  studyMode: 'study-modes',
  sex: 'sexes',
  documentType: 'document-types',
  ethnicGroup: 'ethnic-groups',
  guardianRelation: 'guardian-relations',
  admissionKind: 'admission-kinds',
  origin: 'origins',
  cause: 'grounds',
  crossStage: 'cross-stage-programmes',
  politicalStatus: 'political-status',
  householdType: 'household-types',
  healthStatus: 'health-status',
  guardianDocumentType: 'document-types',
  secondGuardianRelation: 'guardian-relations',
  secondGuardianDocumentType: 'document-types',
  nationality: 'nationalities',
  overseasMark: 'overseas-marks',
} as const;
const NAMES = [...new Set(Object.values(SETS))];

/** A value as people read it: a code by its word, a day in 年月日, an organisation by its name. */
export function FieldValue({ field, value }: { field: string; value: unknown }) {
  const language = useLanguage();
  const word = useManyCodes(NAMES);
  const major = useMajor(field === 'majorCode' && typeof value === 'string' ? value : undefined);
  if (value === null || value === undefined || value === '') return <>—</>;
  if (typeof value === 'object')
    return (
      <>
        {Object.entries(value).map(([name, inner]) => (
          <div key={name}>
            <FieldValue field={name} value={inner} />
          </div>
        ))}
      </>
    );
  if (typeof value === 'boolean') return <>{value ? '✓' : '—'}</>;
  const text = String(value);
  const set = SETS[field as keyof typeof SETS];
  if (set) return <>{word(set, text)}</>;
  if (field === 'majorCode') return <>{major ?? text}</>;
  if (DAY.test(text)) return <>{dayText(text, language)}</>;
  if (ID.test(text) && /SchoolId|organisationId/i.test(field)) return <OrganisationNamed id={text} />;
  return <>{text}</>;
}

/** A field with its value, as a line of a list of facts; nothing where there is no value. */
export function Fact({ field, value }: { field: string; value: unknown }) {
  const name = useFieldName();
  if (value === null || value === undefined || value === '') return null;
  return (
    <div>
      <dt>{name(field)}</dt>
      <dd>
        <FieldValue field={field} value={value} />
      </dd>
    </div>
  );
}
