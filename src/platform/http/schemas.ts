import { Injectable, type Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

/** The schemas of the OpenAPI document, for answers that describe an input. */
@Injectable()
export class Schemas {
  private document?: () => OpenAPIObject;

  /** The document is made at the first question: it is large, and an API that nobody asks need not have it. */
  serve(document: () => OpenAPIObject): void {
    this.document = document;
  }

  /** The JSON Schema of a class of the API, closed and with its references resolved. */
  of(type: Type): object {
    return this.resolved({ $ref: `#/components/schemas/${type.name}` });
  }

  private resolved(schema: Schema): object {
    if ('$ref' in schema) {
      const found = this.document?.().components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''];
      if (!found) throw new Error(`no schema ${schema.$ref}`);
      return this.resolved(found);
    }
    // a reference with a description of its own is written as `allOf` of one
    const { allOf: [described] = [], ...own } = schema;
    if (described) return { ...this.resolved(described), ...own };
    if (schema.type !== 'object') return schema;
    const properties = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, this.resolved(field)]);
    return { ...schema, properties: Object.fromEntries(properties), additionalProperties: false };
  }
}
