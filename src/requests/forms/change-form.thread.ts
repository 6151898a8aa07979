import { answering } from '../../platform/thread.js';
import { pagesOfPaper, type ChangePaper } from './change-form.js';

answering((paper: ChangePaper) => pagesOfPaper(paper));
