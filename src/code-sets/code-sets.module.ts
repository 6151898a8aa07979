import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { CodeSetsController } from './code-sets.controller.js';
import { CodeSets } from './code-sets.service.js';
import { VersionsController } from './versions.controller.js';
import { CodeSetVersions } from './versions.service.js';

/** 代码集: what may be entered where a code is asked for, and the catalogues of majors 专业目录, which operators keep by versions. */
@Module({ imports: [AccessModule], controllers: [CodeSetsController, VersionsController], providers: [CodeSets, CodeSetVersions] })
export class CodeSetsModule {}
