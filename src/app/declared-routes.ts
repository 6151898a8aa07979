import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, MODULE_METADATA, PARAMTYPES_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MAY_CALL, serviceAreaOf, type MayCall } from '../platform/access/may-call.js';
import { SERVICE_OFFICES, type ServiceArea } from '../domain/service-account.js';

/** A route as its controller declares it. */
export interface DeclaredRoute {
  readonly method: string;
  /** Below the prefix of the API, with parameters as OpenAPI writes them: `/tasks/{id}`. */
  readonly path: string;
  readonly mayCall: MayCall | undefined;
  /** The area of a service account that may call it; undefined where it wants a person or a student, or is public. */
  readonly area: ServiceArea | 'always' | undefined;
  /** The name of the handler, and the classes of what it is given. */
  readonly handler: string;
  readonly given: readonly unknown[];
}

const listIn = <T>(key: string, of: object): T[] => (Reflect.getMetadata(key, of) as T[] | undefined) ?? [];

/** Every route of a module and of those that it imports, once, without an application that would need a database. */
export function declaredRoutes(module: Type, seen = new Set<object>()): DeclaredRoute[] {
  if (seen.has(module)) return [];
  seen.add(module);
  const imported = listIn<Type | { module: Type }>(MODULE_METADATA.IMPORTS, module);
  return [
    ...listIn<Type>(MODULE_METADATA.CONTROLLERS, module).flatMap(routesOf),
    ...imported.flatMap((one) => declaredRoutes('module' in one ? one.module : one, seen)),
  ];
}

function routesOf(controller: Type): DeclaredRoute[] {
  const prototype = controller.prototype as Record<string, unknown>;
  const named = Object.getOwnPropertyNames(prototype).map((name) => [name, prototype[name]] as const);
  return named
    .flatMap(([name, handler]) => (isHandler(handler) ? [{ name, handler }] : []))
    .map(({ name, handler }) => {
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
      const mayCall = (Reflect.getMetadata(MAY_CALL, handler) ?? Reflect.getMetadata(MAY_CALL, controller)) as MayCall | undefined;
      const isForOffices = mayCall !== undefined && mayCall.by !== 'everybody' && mayCall.by !== 'student';
      return {
        method,
        path: pathOf(pathAt(controller), pathAt(handler)),
        mayCall,
        area: isForOffices && servesServices(mayCall) ? serviceAreaOf(handler, method) : undefined,
        handler: name,
        given: (Reflect.getMetadata(PARAMTYPES_METADATA, prototype, name) ?? []) as unknown[],
      };
    });
}

/** A program holds none of the other offices. */
const servesServices = (mayCall: MayCall): boolean =>
  !('offices' in mayCall) || mayCall.offices.some((office) => (SERVICE_OFFICES as readonly string[]).includes(office));

const isHandler = (one: unknown): one is object => typeof one === 'function' && Reflect.hasMetadata(METHOD_METADATA, one);
const pathAt = (of: object): string => Reflect.getMetadata(PATH_METADATA, of) as string;
const pathOf = (...parts: string[]): string =>
  `/${parts.flatMap((part) => part.split('/').filter((word) => word !== '')).join('/')}`.replace(/:(\w+)/g, '{$1}');
