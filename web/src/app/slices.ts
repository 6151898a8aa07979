/** The slices that have pages: a new one is a line here. The first part of a page's path is the folder of its slice. */
import * as account from '../account/routes';
import * as administration from '../administration/routes';
import * as calendar from '../calendar/routes';
import * as desk from '../desk/routes';
import * as notifications from '../notifications/routes';
import * as operations from '../operations/routes';
import * as requests from '../requests/routes';
import * as students from '../students/routes';
import * as supervision from '../supervision/routes';
import * as tasks from '../tasks/routes';
import * as terms from '../terms/routes';

export const pages = [
  ...desk.pages,
  ...tasks.pages,
  ...requests.pages,
  ...students.pages,
  ...terms.pages,
  ...supervision.pages,
  ...administration.pages,
  ...operations.pages,
  ...calendar.pages,
  ...notifications.pages,
  ...account.pages,
] as const;

/** The menu, in this order. */
export const menu = [
  ...desk.menu,
  ...tasks.menu,
  ...requests.menu,
  ...students.menu,
  ...terms.menu,
  ...supervision.menu,
  ...administration.menu,
  ...operations.menu,
  ...calendar.menu,
  ...notifications.menu,
  ...account.menu,
];
