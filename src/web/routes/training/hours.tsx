import { enrolmentStates } from '#modules/training/enrolment.schema.ts'
import { programmeOf } from '#modules/training/plan.queries.ts'
import { hoursSheet } from '#modules/training/roster.queries.ts'
import { type Grade, grades } from '#modules/training/session.schema.ts'
import { gradeNames } from '#modules/training/settlement.schema.ts'
import { figuresFor } from '#platform/figures.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { ClassFrame } from '../../training/class-frame.tsx'
import { classOf } from '../../training/class-head.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Notice } from '../../ui/notice.tsx'
import { More } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/hours.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`课时　${loaderData?.head.title ?? ''}`)

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, cls, head } = await classOf(args)
  const [sheet, at] = await Promise.all([hoursSheet(ctx, cls.id), figuresFor(ctx)])
  const hours = programmeOf(ctx.plan, cls.programme)?.hours
  const least = hours ? at(hours.attendanceFigure, cls.startsOn) : null
  const total = sheet.reduce((sum, row) => sum + row.hours.ledgerMinutes, 0)
  const byHand = sheet.reduce((sum, row) => sum + row.hours.grades.D, 0)
  const manualMost = at('OP.manualShareMax', cls.startsOn).value
  return {
    area,
    head,
    classHours: cls.classHours,
    least: least && { value: least.value, decided: least.decided },
    undecidedText: ctx.plan.undecidedText,
    rows: sheet.map(({ name, document, hours: own }) => ({ ...own, name, document })),
    manual:
      manualMost !== null && total > 0 && byHand * 100 > total * manualMost ? Math.floor((byHand * 100) / total) : null,
  }
}

const gradeList = Object.keys(grades) as Grade[]

export default function Hours({ loaderData }: Route.ComponentProps) {
  const { area, head, rows, least, manual } = loaderData
  return (
    <ClassFrame area={area} cls={head} tab="hours">
      {manual !== null && (
        <Notice tone="warn" title={`人工补录占 ${manual}%，超过提醒线`}>
          <p>补录比例过高的班级会被核查。请保留能证明学员在场的材料。</p>
        </Notice>
      )}
      <DataTable
        caption={`应学 ${loaderData.classHours} 课时`}
        captionNote={
          least === null || least.value === null
            ? `最低出勤率：${loaderData.undecidedText}`
            : `最低出勤率 ${least.value}%${least.decided ? '' : `（${loaderData.undecidedText}，暂按此办理）`}`
        }
        rows={rows}
        rowKey={(row) => row.enrolmentId}
        columns={[
          {
            key: 'name',
            header: '姓名',
            keep: true,
            cell: (row) => <a href={paths.learnerHours(area, head.id, row.enrolmentId)}>{row.name}</a>,
          },
          { key: 'document', header: '证件号码', keep: true, cell: (row) => row.document },
          { key: 'minutes', header: '有效分钟', end: true, cell: (row) => row.minutes },
          { key: 'hours', header: '课时', end: true, cell: (row) => row.hours },
          { key: 'percent', header: '出勤率', end: true, cell: (row) => `${row.attendancePercent}%` },
          ...gradeList.map((grade) => ({
            key: grade,
            header: `${gradeNames[grade]}（分钟）`,
            end: true,
            cell: (row: (typeof rows)[number]) => row.grades[grade],
          })),
          { key: 'free', header: '未申领（分钟）', end: true, cell: (row) => row.freeMinutes },
          {
            key: 'state',
            header: '状态',
            keep: true,
            cell: (row) => (
              <StatusTag tone={row.state === 'passed' ? 'good' : 'info'}>{enrolmentStates[row.state]}</StatusTag>
            ),
          },
        ]}
        foot={[
          '合计',
          '',
          sumOf(rows, (row) => row.minutes),
          sumOf(rows, (row) => row.hours),
          '',
          ...gradeList.map((grade) => sumOf(rows, (row) => row.grades[grade])),
          sumOf(rows, (row) => row.freeMinutes),
          '',
        ]}
        empty={
          <EmptyState icon="clock" title="还没有课时">
            上完课、结束课次后自动记入。
          </EmptyState>
        }
        wide
      />
      <More label="课时怎么算">
        <p>
          每次课按签到证据记分钟，整班相加，每满规定分钟数为一课时，不足一课时的部分不计；每人每天有上限。课时只从台账相加，任何人都不能填写。
        </p>
        <ul className="list-disc ps-5">
          {gradeList.map((grade) => (
            <li key={grade}>
              {gradeNames[grade]}：{grades[grade]}
            </li>
          ))}
        </ul>
      </More>
    </ClassFrame>
  )
}

const sumOf = <Row,>(rows: readonly Row[], of: (row: Row) => number) => rows.reduce((sum, row) => sum + of(row), 0)
