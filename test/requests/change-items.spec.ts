import { KINDS, type Kind } from '../../src/domain/procedure/procedure.js';
import { changeItems, type FiledChange, type FoundStudy } from '../../src/requests/forms/change-items.js';

const FOUND: FoundStudy = {
  school: '甲校',
  state: 'active',
  majorCode: '1',
  grade: '2025',
  className: '一班',
  studyMode: 'fullTime',
  lengthYears: 3,
  enrolledOn: '2025-09-01',
};
const MAJORS: Readonly<Record<string, string>> = { 1: '电子商务', 2: '中餐烹饪' };

/** For each kind: what it is filed with, and the rows that its form has. */
const SHOWN: Readonly<Record<Kind, { of: Partial<FiledChange>; rows: readonly (readonly [string, string, string])[] }>> = {
  transfer: {
    of: { destinationSchool: '乙校', placement: { majorCode: '2', grade: '2025', firstDay: '2026-12-01' } },
    rows: [
      ['就读学校', '甲校', '乙校'],
      ['专业', '电子商务', '中餐烹饪'],
      ['到校日期', '', '2026-12-01'],
    ],
  },
  crossTrackTransfer: { of: { destinationSchool: '丙中学', found: undefined }, rows: [['就读学校', '甲校', '丙中学']] },
  repeatYear: { of: { made: { ...FOUND, grade: '2026' } }, rows: [['年级', '2025', '2026']] },
  changeMajor: {
    of: { details: { majorCode: '2', ground: 'aptitude' } },
    rows: [
      ['专业', '电子商务', '中餐烹饪'],
      ['事由类别', '', '专长或兴趣'],
    ],
  },
  changeStudyMode: {
    of: { details: { studyMode: 'partTime', lengthYears: 4 } },
    rows: [
      ['学习形式', '全日制', '非全日制'],
      ['学制', '3 年', '4 年'],
    ],
  },
  suspension: {
    of: { details: { ground: 'illness', until: '2027-08-31' } },
    rows: [
      ['学籍状态', '在读', '休学'],
      ['事由类别', '', '因病'],
      ['休学截止日期', '', '2027-08-31'],
    ],
  },
  resumption: { of: { found: { ...FOUND, state: 'suspended' } }, rows: [['学籍状态', '休学', '在读']] },
  withdrawal: {
    of: { details: { ground: 'ownApplication' } },
    rows: [
      ['学籍状态', '在读', '退学'],
      ['事由类别', '', '本人申请'],
    ],
  },
  deregistration: {
    of: { details: { cause: 'lapsed' } },
    rows: [
      ['学籍状态', '在读', '注销'],
      ['事由类别', '', '逾期未办理手续'],
    ],
  },
  death: {
    of: { details: { diedOn: '2026-11-01', unnatural: true } },
    rows: [
      ['学籍状态', '在读', '死亡'],
      ['死亡日期', '', '2026-11-01'],
      ['非正常死亡', '', '是'],
    ],
  },
  infoCorrection: {
    of: { details: { proofReceivedOn: '2026-11-20' }, corrected: [{ field: 'ethnicGroup', former: '01', proposed: '02' }] },
    rows: [
      ['民族', '汉族', '蒙古族'],
      ['收到证明日期', '', '2026-11-20'],
    ],
  },
  studyCorrection: {
    of: { corrected: [{ field: 'majorDirection', former: '', proposed: '跨境电商' }] },
    rows: [['专业方向', '', '跨境电商']],
  },
  registrationException: {
    of: { details: { action: 'corroborate', ground: 'studiesHere' } },
    rows: [
      ['办理事项', '', '佐证'],
      ['事由类别', '', '确在本校就读'],
    ],
  },
  reinstatement: {
    of: { details: { ground: 'court' }, undone: '退学（2026-0000001）', found: { ...FOUND, state: 'withdrawn' }, made: FOUND },
    rows: [
      ['学籍状态', '退学', '在读'],
      ['恢复的异动', '', '退学（2026-0000001）'],
      ['事由类别', '', '法院裁判'],
    ],
  },
};

describe('the form of a change (Art 3, R-02)', () => {
  it.each(KINDS)('of a %s says what it changes, in words and not in codes', (kind) => {
    const { of, rows } = SHOWN[kind];
    const change: FiledChange = {
      kind,
      details: {},
      found: FOUND,
      sourceSchool: '甲校',
      corrected: [],
      majorName: (code) => MAJORS[code] ?? code,
      ...of,
    };
    expect(changeItems(change).map(({ item, from, to }) => [item, from, to])).toEqual(rows);
  });
});
