import { Page } from '../ground/page';
import { useWords } from '../ground/language';
import { deskWords } from '../words/desk';

export function Desk() {
  const t = useWords(deskWords);
  return <Page title={t.title}>{null}</Page>;
}
