import { conflictWords, type JudgeDraw } from '#modules/competition/judge.rules.ts'
import { DataTable } from '../ui/data-table.tsx'
import { instantText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { Copyable, More } from '../ui/section.tsx'

type Props = { draws: readonly (JudgeDraw & { at: Date; by: string })[]; faults: readonly string[] | null }

/** The draws of judges for everybody to do again: experts are numbers here. */
export function JudgeDraws({ draws, faults }: Props) {
  if (draws.length === 0) return null
  return (
    <More label="核对裁判抽取没有人为安排">
      <div className="stack">
        <p>
          每次的种子是 SHA-256（竞赛种子:judges:次数）；专家按
          SHA-256（本次种子:专家编号）从小到大排列，有关系的跳过，取前几名。
        </p>
        {faults &&
          (faults.length === 0 ? (
            <Notice tone="good" title="按公布的竞赛种子重算，各次抽取都相符" />
          ) : (
            <Notice tone="bad" title="重算不符">
              <p>{faults.join('；')}</p>
            </Notice>
          ))}
        {draws.map((one) => (
          <div key={one.number}>
            <p>
              第{one.number}次：{instantText(one.at)}，抽取{one.wanted}名。种子 <Copyable>{one.seed}</Copyable>
            </p>
            <DataTable
              caption={`第${one.number}次抽取的顺序`}
              rows={one.order}
              rowKey={(row) => row.id}
              columns={[
                { key: 'place', header: '顺序', end: true, cell: (row) => one.order.indexOf(row) + 1 },
                { key: 'id', header: '专家编号', cell: (row) => <span className="wrap-any">{row.id}</span> },
                {
                  key: 'key',
                  header: '排序值',
                  cell: (row) => <span className="wrap-any">{row.key.slice(0, 16)}</span>,
                },
                {
                  key: 'result',
                  header: '结果',
                  keep: true,
                  cell: (row) =>
                    row.passed
                      ? `跳过：${conflictWords[row.passed]}`
                      : one.order.filter((each) => !each.passed).indexOf(row) < one.wanted
                        ? '抽中'
                        : '未抽中',
                },
              ]}
              empty={null}
            />
          </div>
        ))}
      </div>
    </More>
  )
}
