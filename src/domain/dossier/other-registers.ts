import { words, type Words } from '../messages/words.js';

/** Registers of other stages and kinds of school 其他学籍系统, in which a person may be registered already (Art 8, R-08). */
export const OTHER_REGISTERS = ['compulsory', 'seniorHigh', 'skilledWorker', 'university'] as const;
export type OtherRegister = (typeof OTHER_REGISTERS)[number];

/** How a register holds a person 持有类型: a record that has ended holds nobody. */
export const HOLDINGS = ['registering', 'inStudy', 'suspended'] as const;
export type RegisterHolding = (typeof HOLDINGS)[number];

export const REGISTER_WORDS: Readonly<Record<OtherRegister, Words>> = {
  compulsory: words('义务教育学籍系统', 'the register of compulsory education'),
  seniorHigh: words('普通高中学籍系统', 'the register of senior high schools'),
  skilledWorker: words('技工院校学籍系统', 'the register of skilled-worker schools'),
  university: words('高等教育学籍系统', 'the register of higher education'),
};

export const HOLDING_WORDS: Readonly<Record<RegisterHolding, Words>> = {
  registering: words('正在注册', 'is being registered'),
  inStudy: words('在籍在读', 'is in study'),
  suspended: words('休学保留学籍', 'is suspended, and keeps the registration'),
};

/** What a register said of a person. */
export type RegisterAnswer = { readonly answer: 'none' } | { readonly answer: 'held'; readonly holding: RegisterHolding };
