import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches, type ValidationOptions } from 'class-validator';

/** Four to eight digits, as the catalogues have them; a skilled-worker school's may name its level behind a hyphen. */
export const MAJOR_CODE = /^[0-9]{4,8}(-[0-9])?$/;

/**
 * A code of the form that majors have. Whether the catalogue in force has it for an intake is judged in the transaction, because catalogues
 * are data.
 */
export const IsMajorCode = ({ each = false }: Pick<ValidationOptions, 'each'> = {}): PropertyDecorator =>
  applyDecorators(Matches(MAJOR_CODE, { each }), ...(each ? [] : [ApiProperty({ pattern: MAJOR_CODE.source })]));
