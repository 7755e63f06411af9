import { expect } from 'vitest'
import { readTable } from '#platform/spreadsheet.ts'
import { writeXlsx } from '#platform/workbook.ts'
import { runJobs } from '../../setup/jobs.ts'
import { type Play, pathOf } from './cast.ts'
import { at, rowOf } from './stage.ts'
import { type Learner, learners, trainer } from './story.ts'

/** The enterprise files a plan; the intake officer puts it on the list. */
export async function planFiled(play: Play): Promise<void> {
  const { academic, intake } = play.cast
  await academic.go('/enterprise')
  await academic.follow('培训计划')
  await academic.follow('填报计划')
  await academic.press('保存草稿')
  expect(await academic.text()).toContain('请先改好下面几处')
  await academic.fill({
    企业适岗培训: 'yes',
    计划名称: '餐饮服务适岗培训',
    计划培训人数: '30',
    每人课时: '12',
    开始日期: '2021-09-16',
    结束日期: '2021-10-31',
    '@courses.0.title': '食品安全',
    '@courses.0.classHours': '4',
    '@courses.1.title': '出品与服务',
    '@courses.1.classHours': '8',
  })
  await academic.press('保存草稿')
  play.planAt = pathOf(academic)
  await academic.press('提交备案')
  expect(await academic.text()).toMatch(/请阅读并勾选承诺/)
  await academic.page.getByRole('checkbox').check()
  await academic.press('提交备案')
  expect(await academic.text()).toContain('已提交备案')

  play.stage.site.setTime(at('2021-09-15T14:00'))
  await intake.go('/office')
  await intake.follow('计划备案')
  await intake.follow('餐饮服务适岗培训')
  expect(await intake.text()).toContain('30 人，每人 12 课时')
  await intake.press('列入计划')
  expect(await intake.text()).toMatch(/HZ2021-SG/)
  expect(await intake.text()).toContain('已列入计划')
}

/** Rooms and the teacher, then the class with its dossier. */
export async function classDrawnUp(play: Play): Promise<void> {
  const { academic } = play.cast
  play.stage.site.setTime(at('2021-09-16T09:00'))
  await academic.go('/enterprise')
  await academic.follow('场地和师资')
  await academic.follow('增加场地')
  await academic.fill({ 场地名称: '总店', 地址: '海珠区新港中路1号二楼', 所在街道: '赤岗街道' })
  await academic.press('保存')
  await academic.follow('在总店增加教室')
  await academic.fill({ 教室名称: '培训室', 座位数: '20' })
  await academic.press('保存')
  await academic.follow('增加教师')
  await academic.fill({
    姓名: trainer.name,
    居民身份证号码: trainer.document,
    资格或职称: '中式烹调高级技师',
    生效日期: '2015-01-01',
  })
  await academic.press('保存')
  expect(await rowOf(academic, trainer.name)).toContain('有效')

  await academic.go(play.planAt)
  await academic.follow('建班')
  await academic.fill({
    班级名称: '餐饮服务适岗一班',
    '@venueId': '总店',
    人数上限: '12',
    开班日期: '2021-09-22',
    结业日期: '2021-09-24',
    [trainer.name]: 'yes',
  })
  await academic.press('保存草稿')
  play.classAt = pathOf(academic)
  // what is missing is named, and the class cannot be applied for
  expect(await academic.text()).toContain('还有 4 项没有齐全')
  expect(await academic.page.getByRole('button', { name: '申请开班' }).getAttribute('aria-disabled')).toBe('true')
  await academic.follow('修改')
  await academic.fill({
    '@teachingPlan': '第一天食品安全与出品，第二天服务礼仪。',
    '@resources': '《餐饮服务食品安全操作规范》',
    '@assessmentPlan': '理论占40%，实操占60%，60分合格。',
  })
  await academic.press(/保存/)
}

/** One by the form, the others by a workbook of which some rows are wrong. */
export async function rosterTaken(play: Play): Promise<void> {
  const { academic } = play.cast
  await academic.go(play.classAt)
  await academic.follow('花名册')
  await academic.follow('登记一名学员')
  await academic.fill({
    姓名: learners.phone.name,
    证件号码: learners.phone.document.slice(0, 17) + (learners.phone.document.endsWith('1') ? '2' : '1'),
    手机号: learners.phone.phone,
    用工形式: '劳动合同',
  })
  await academic.press('登记')
  expect(await academic.text()).toContain('校验码')
  await academic.fill({ 证件号码: learners.phone.document })
  await academic.press('登记')
  expect(await academic.text()).toContain('学员 1 人，名额 12 个')

  const row = (one: Learner, change: Partial<Learner> = {}) => {
    const { name, document, phone } = { ...one, ...change }
    return [name, document, phone, '劳动合同']
  }
  const { hand, early, away, weak } = learners
  const bytes = await writeXlsx([
    {
      name: '花名册',
      header: ['姓名', '证件号码', '手机号', '用工形式'],
      rows: [
        row(hand),
        row(early),
        row(early),
        row(away),
        row(weak),
        ['', '440105199001010017', '13800138000', '劳动合同'],
        ['何某', '440105199002300017', '13800138001', '劳动合同'],
        row(learners.phone),
      ],
    },
  ])
  const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  await academic.page
    .locator('input[type=file]')
    .setInputFiles({ name: '花名册.xlsx', mimeType, buffer: Buffer.from(bytes) })
  await academic.press('上传并核对')
  const imported = pathOf(academic)
  await runJobs(play.stage.site)
  await academic.go(imported)
  // a dry run: each fault with row, column, rule and remedy, nothing written yet
  expect(await academic.text()).toContain('4 行可以导入，4 行有错')
  expect(await rowOf(academic, '与第3行的证件号码相同')).toEqual([
    '4',
    '证件号码',
    expect.stringContaining('*'),
    '与第3行的证件号码相同',
    '重复',
    '同一人只保留一行。',
  ])
  expect((await rowOf(academic, '此人已在本班名单中'))[0]).toBe('9')
  const nameless = await rowOf(academic, '姓名')
  expect(nameless[0]).toBe('7')
  expect(nameless[5]).not.toBe('')
  const errors = await academic.file('下载需要更正的行（Excel）')
  const sheet = await readTable(errors.bytes, errors.name)
  expect(sheet.rows).toHaveLength(4)
  expect(sheet.headers).toEqual(['姓名', '证件号码', '手机号', '用工形式', '错误', '规则', '改法'])
  await academic.press('导入 4 人')
  await runJobs(play.stage.site)
  await academic.go(imported)
  expect(await academic.text()).toContain('已导入 4 人')
  await academic.follow('看花名册')
  expect(await academic.text()).toContain('学员 5 人，名额 12 个')
  expect((await academic.text()).includes(hand.document)).toBe(false)
}

/** The timetable, then the application and its approval by somebody else. */
export async function classApproved(play: Play): Promise<void> {
  const { academic, intake } = play.cast
  await academic.follow('课表', 'main')
  for (const [title, day, from, to] of [
    ['食品安全', '2021-09-22', '09:00', '12:00'],
    ['出品', '2021-09-22', '14:00', '17:00'],
    ['服务', '2021-09-23', '09:00', '12:00'],
  ] as const) {
    await academic.follow('排课')
    await academic.fill({
      课题: title,
      上课日期: day,
      开始时间: from,
      结束时间: to,
      '@trainerId': trainer.name,
      '@roomId': '培训室',
    })
    await academic.press('排入课表')
  }
  expect(await academic.text()).toMatch(/12\s*\/\s*12\s*课时/)
  await academic.go(play.classAt)
  expect(await academic.text()).toContain('六项都已齐全')
  play.stage.site.setTime(at('2021-09-16T17:00'))
  await academic.press('申请开班')
  expect(await academic.text()).toContain('已申请开班')
  play.stage.site.setTime(at('2021-09-17T10:00'))
  await intake.go('/office')
  await intake.follow('开班审核')
  await intake.follow('餐饮服务适岗一班')
  await intake.press('批准开班')
  expect(await intake.text()).toContain('已批准开班')
}
