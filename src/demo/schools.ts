import type { SchoolType } from '../domain/offices.js';

export interface DemoSchool {
  readonly code: string;
  readonly name: string;
  readonly type: SchoolType;
  /** The county in whose area it stands. */
  readonly standsIn: string;
  /** The authority that runs it: its competent authority. */
  readonly runBy: string;
  readonly majors: readonly string[];
  readonly students: number;
}

type Line = readonly [
  code: string,
  name: string,
  type: SchoolType,
  standsIn: string,
  runBy: string | undefined,
  students: number,
  majors: string,
];

/** No school of these names is known to exist. All are county-run but 3301-04 (by its city) and 3306-04 (by its province). */
const LINES: readonly Line[] = [
  ['3301-01', '杭州市余杭区云岫职业高级中学', 'vocationalHigh', '330110', undefined, 190, '710201 710205 730701 740201'],
  ['3301-02', '杭州市余杭区南屿成人中等专业学校', 'adultSpecialisedSecondary', '330110', undefined, 80, '730301 790401 770101'],
  ['3301-03', '杭州市萧山区湘澄中等专业学校', 'specialisedSecondary', '330109', undefined, 140, '660103 660303 720201'],
  ['3301-04', '杭州市启澜中等专业学校', 'specialisedSecondary', '330110', '330100', 150, '710202 760204 730702'],
  ['3301-05', '杭州市余杭区澄屿高级中学', 'ordinaryMiddle', '330110', undefined, 60, ''],
  ['3306-01', '绍兴市越城区鉴岚职业高级中学', 'vocationalHigh', '330602', undefined, 130, '710201 740101 680402'],
  ['3306-02', '绍兴市越城区稽云技工学校', 'skilledWorker', '330602', undefined, 100, '660101 660301 700206'],
  ['3306-03', '诸暨市浣岚职业技术学校', 'vocationalHigh', '330681', undefined, 120, '730801 730301 770101'],
  ['3306-04', '浙江省澜屿中等专业学校', 'specialisedSecondary', '330602', '330000', 130, '720201 720301 690201'],
  ['5101-01', '成都市锦江区锦岚职业高级中学', 'vocationalHigh', '510104', undefined, 180, '710201 740201 730701 710204'],
  ['5101-02', '成都市锦江区东屏中等专业学校', 'specialisedSecondary', '510104', undefined, 120, '720201 770101 790302'],
  ['5101-03', '成都市龙泉驿区泉岫技工学校', 'skilledWorker', '510112', undefined, 110, '660702 700206 660303'],
  ['5101-04', '成都市龙泉驿区云顶桥职业高级中学', 'vocationalHigh', '510112', undefined, 120, '740101 710204 730801'],
  ['5107-01', '绵阳市涪城区涪澜职业高级中学', 'vocationalHigh', '510703', undefined, 120, '710101 710201 660103'],
  ['5107-02', '绵阳市涪城区沛云成人中等专业学校', 'adultSpecialisedSecondary', '510703', undefined, 70, '730301 790401'],
  ['5107-03', '绵阳市游仙区仙屏职业技术学校', 'vocationalHigh', '510704', undefined, 100, '610105 740201 730701'],
  ['5107-04', '绵阳市游仙区芙岚中等专业学校', 'specialisedSecondary', '510704', undefined, 80, '720201 620301'],
];

export const SCHOOLS: readonly DemoSchool[] = LINES.map(([code, name, type, standsIn, runBy, students, majors]) => ({
  code,
  name,
  type,
  standsIn,
  students,
  runBy: runBy ?? standsIn,
  majors: majors.split(' ').filter(Boolean),
}));
