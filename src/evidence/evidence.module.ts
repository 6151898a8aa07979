import path from 'node:path';
import { Module } from '@nestjs/common';
import { MulterModule } from '@nestjs/platform-express';
import { AccessModule } from '../platform/access/access.module.js';
import { CONFIG, type Config } from '../platform/config.js';
import { EvidenceController } from './evidence.controller.js';
import { Evidence } from './evidence.service.js';
import { SCANNER, scannerFrom } from './scanner.js';
import { ScratchStorage } from './scratch-storage.js';

const uploads = MulterModule.registerAsync({
  inject: [CONFIG],
  useFactory: ({ dataDir, evidenceMaxBytes }: Config) => ({
    defParamCharset: 'utf8', // browsers send names so, and the parser's default takes them for Latin
    storage: new ScratchStorage(path.join(dataDir, 'uploads')),
    limits: { fileSize: evidenceMaxBytes, files: 1, fields: 5 },
  }),
});

/** 证明材料: evidence, and the place where uploads of all slices lie until they are read. */
@Module({
  imports: [AccessModule, uploads],
  controllers: [EvidenceController],
  providers: [Evidence, { provide: SCANNER, inject: [CONFIG], useFactory: scannerFrom }],
  exports: [MulterModule, SCANNER],
})
export class EvidenceModule {}
