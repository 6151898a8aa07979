import { answering } from '../platform/thread.js';
import { pagesOfCard, type RecordCard } from './record-card.js';

answering((card: RecordCard) => pagesOfCard(card));
