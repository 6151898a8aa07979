import { answering } from '../../platform/thread.js';
import { pagesOfPaper, type Paper } from './change-form.js';

answering((paper: Paper) => pagesOfPaper(paper));
