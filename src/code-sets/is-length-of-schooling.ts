import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { codesOf } from './code-sets.js';

const YEARS = codesOf('lengths-of-schooling').map(Number);

/** A length of schooling 学制 in years, one of its code set. */
export const IsLengthOfSchooling = (): PropertyDecorator => applyDecorators(IsIn(YEARS), ApiProperty({ type: 'number', enum: YEARS }));
