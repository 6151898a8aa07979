import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { HeadsController } from './heads.controller.js';
import { Heads } from './heads.service.js';
import { MajorsController } from './majors.controller.js';
import { Majors } from './majors.service.js';
import { OfficeGrantsController } from './office-grants.controller.js';
import { OfficeGrants } from './office-grants.service.js';
import { Offices } from './offices.service.js';
import { OrganisationsController } from './organisations.controller.js';
import { Organisations } from './organisations.service.js';
import { ProxiesController } from './proxies.controller.js';
import { Proxies } from './proxies.service.js';

/** 机构: the directory of organisations with their offices, heads and proxies. */
@Module({
  imports: [AccessModule],
  controllers: [OrganisationsController, OfficeGrantsController, HeadsController, MajorsController, ProxiesController],
  providers: [Organisations, Offices, OfficeGrants, Heads, Majors, Proxies],
})
export class OrganisationsModule {}
