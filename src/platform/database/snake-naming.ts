import { DefaultNamingStrategy } from 'typeorm';

/** A member `heldFrom` of an entity is the column `held_from`; TypeORM names tables from classes so by itself. */
export class SnakeNaming extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? propertyName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}
