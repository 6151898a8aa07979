/** The slices that have pages: a new one is a line here. The first part of a page's path is the folder of its slice. */
import * as desk from '../desk/routes';
import * as requests from '../requests/routes';
import * as students from '../students/routes';
import * as tasks from '../tasks/routes';

export const pages = [...desk.pages, ...tasks.pages, ...requests.pages, ...students.pages] as const;

/** The menu, in this order. */
export const menu = [...desk.menu, ...tasks.menu, ...requests.menu, ...students.menu];
