import { useQuery } from '@tanstack/react-query';
import { api, told } from './api';

/** The name of an organisation of which only the id is known. */
export function OrganisationNamed({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ['organisations', id],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organisations/{id}', { params: { path: { id } }, signal })),
    staleTime: Infinity,
  });
  return <>{data?.name ?? '…'}</>;
}
