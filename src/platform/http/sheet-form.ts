import { applyDecorators, UseInterceptors, type Type } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, getSchemaPath } from '@nestjs/swagger';
import { SweptUpload } from './swept-upload.js';

/** A form with a sheet of at most so many bytes, and with its options as JSON. */
export const SheetForm = (options: Type, mostBytes: number): MethodDecorator =>
  applyDecorators(
    ApiConsumes('multipart/form-data'),
    ApiBody({
      schema: {
        type: 'object',
        properties: {
          file: { type: 'string', format: 'binary' },
          options: { allOf: [{ $ref: getSchemaPath(options) }], description: 'as JSON' },
        },
        required: ['file', 'options'],
      },
    }),
    UseInterceptors(FileInterceptor('file', { limits: { fileSize: mostBytes, files: 1 } }), SweptUpload),
  );
