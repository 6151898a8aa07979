import { queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import type { paths } from '../generated/api';
import { api, told } from './api';
import { useLanguage, type Language } from './language';

/** The sets that the API has. */
export type CodeSetName = paths['/api/v1/code-sets/{name}']['get']['parameters']['path']['name'];

interface Code {
  code: string;
  zh: string;
  en?: string;
}

const wordOf = (items: readonly Code[] | undefined, code: string, language: Language): string => {
  const found = items?.find((one) => one.code === code);
  return (language === 'en' ? found?.en : undefined) ?? found?.zh ?? code;
};

/** A set of codes with its words, kept while the page lives. */
const codeSet = (name: CodeSetName) =>
  queryOptions({
    queryKey: ['code-sets', name],
    queryFn: async ({ signal }) => {
      const { items } = await told(api.GET('/api/v1/code-sets/{name}', { params: { path: { name } }, signal }));
      return items as unknown as Code[];
    },
    staleTime: Infinity,
  });

/** The word of each code of a set, in the language of the page; the code itself until the set has been read. */
export function useCodes(name: CodeSetName): (code: string) => string {
  const language = useLanguage();
  const { data } = useQuery(codeSet(name));
  return (code) => wordOf(data, code, language);
}

/** As `useCodes`, of several sets. */
export function useManyCodes<const N extends readonly CodeSetName[]>(names: N): (set: N[number], code: string) => string {
  const language = useLanguage();
  const found = useQueries({ queries: names.map(codeSet) });
  return (set, code) => wordOf(found[names.indexOf(set)]?.data, code, language);
}

/** What there is to choose from. */
export function useChoices(name: CodeSetName): { value: string; label: string }[] {
  const language = useLanguage();
  const { data } = useQuery(codeSet(name));
  return (data ?? []).map(({ code }) => ({ value: code, label: wordOf(data, code, language) }));
}

/** The name of a major, read only where a code is shown. */
export function useMajor(code: string | undefined): string | undefined {
  const { data } = useQuery({ ...codeSet('majors'), enabled: code !== undefined });
  return data?.find((one) => one.code === code)?.zh;
}
