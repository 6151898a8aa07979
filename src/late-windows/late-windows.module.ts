import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { LateWindowsController } from './late-windows.controller.js';
import { LateWindows } from './late-windows.service.js';

/** 补办期: when a province takes registrations after their end. */
@Module({ imports: [AccessModule], controllers: [LateWindowsController], providers: [LateWindows] })
export class LateWindowsModule {}
