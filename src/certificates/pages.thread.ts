import { answering } from '../platform/thread.js';
import { pagesOfCertificate, type CertificatePages } from './pages.js';

answering((pages: CertificatePages) => pagesOfCertificate(pages));
