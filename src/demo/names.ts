import type { Sex } from '../domain/dossier/id-document.js';
import type { Chance } from './chance.js';

/** Common surnames stand more often than rare ones. */
const SURNAMES = [
  ...'王李张刘陈王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
  '欧阳',
  '上官',
  '司徒',
  '诸葛',
];
const MIDDLE: Record<Sex, string> = {
  male: '建文志俊浩子宇嘉泽明伟天一景承博思家立永国晓梓亦启',
  female: '雨欣诗晓梦思佳雅紫子静婉若可语心依梓芷芸慧秋美亦',
};
const LAST: Record<Sex, string> = {
  male: '杰轩豪涛宇辰鹏强峰航凯霖恒毅阳磊睿勇斌晖渊成超然',
  female: '怡涵琪萱彤婷颖琳洁蓉瑶妍萍敏莹雪娜茹霞岚晴薇宁月',
};
/** Names of the Yi, Tibetan and Qiang people of Sichuan, some with the middle dot. */
const MINORITY: Record<Sex, readonly string[]> = {
  male: ['吉克阿牛', '阿尔木呷', '扎西次仁', '洛绒·丹增', '马海·日古', '沙马·拉体', '泽仁多吉', '俄木·尔布'],
  female: ['吉克阿依', '阿苏·尔作', '卓玛央金', '德吉·拉姆', '马海·木果', '沙马·子洛', '白玛措姆', '曲比·阿妞'],
};

/** A plausible Chinese name; in Sichuan one in sixteen is of a minority. */
export function nameOf(chance: Chance, sex: Sex, inSichuan = false): string {
  if (inSichuan && chance.below(16) === 0) return chance.pick(MINORITY[sex]);
  const middle = chance.below(6) === 0 ? '' : chance.pick(MIDDLE[sex]);
  return chance.pick(SURNAMES) + middle + chance.pick(LAST[sex]);
}

const FOREIGN: Record<Sex, readonly string[]> = {
  male: ['NGUYEN VAN MINH', 'KIM MINJUN', 'BOUNMY SOUKSAVANH'],
  female: ['TRAN THI LAN', 'PARK JIWOO', 'AIGERIM SADYKOVA'],
};

export const foreignNameOf = (chance: Chance, sex: Sex): string => chance.pick(FOREIGN[sex]);
