import type { CheckedFile } from '#modules/recognition/sheet-file.queries.ts'
import type { TableFault } from '#shared/table.ts'
import { paths } from '../paths.ts'
import { Button } from '../ui/button.tsx'
import { FileField } from '../ui/choices.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { instantText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { Section } from '../ui/section.tsx'

const shown = 100
/** `rule` is in words already. */
export type SheetFaults = { faults: TableFault[] }

/** Marks out of a file: the blank sheet, the check that gives no mark yet, then the marks themselves. */
export function SheetFile(props: {
  panelId: string
  checked: CheckedFile | null
  found: SheetFaults | null
  failed: Failed | undefined
}) {
  const { panelId, checked, found, failed } = props
  const intent = String(failed?.values?.intent ?? '')
  return (
    <Section
      title="用文件打分"
      description="件数多的，可以下载空白评分表填好再上传。先检查，没有错误再提交；只打了一部分的也可以先交这一部分。"
    >
      <div className="stack">
        <p>
          <a href={paths.titleBlankSheet(panelId)} download>
            下载空白评分表（Excel）
          </a>
        </p>
        {found && <FileFaults faults={found.faults} />}
        {checked && !found && (
          <Notice tone="info" title={`“${checked.name}”检查通过：${checked.count} 份，还没有提交`}>
            <p>
              {instantText(checked.checkedAt)}检查，总分 {checked.least.toFixed(2)} 到 {checked.most.toFixed(2)}
              。提交后不能更改。
            </p>
            <Form failed={intent === 'take' ? failed : undefined}>
              <input type="hidden" name="fileId" value={checked.id} />
              <Button name="intent" value="take">
                提交这 {checked.count} 份评分
              </Button>
            </Form>
          </Notice>
        )}
        <Form upload failed={intent === 'check' ? failed : undefined} labels={{ file: '评分表' }}>
          <FileField name="file" label="评分表" accept=".xlsx,.csv" limit="Excel（.xlsx）或 CSV，最多10000行、10 MB" />
          <Button kind="plain" name="intent" value="check">
            检查文件
          </Button>
        </Form>
      </div>
    </Section>
  )
}

function FileFaults({ faults }: { faults: readonly TableFault[] }) {
  const listed = faults.slice(0, shown)
  return (
    <div className="stack" role="alert">
      <Notice tone="bad" title={`文件有 ${faults.length} 处要改，没有提交任何评分`}>
        <p>请按下表在文件里改好，再检查一次。</p>
      </Notice>
      <DataTable
        caption="要改的地方"
        captionNote={faults.length > shown ? `先列前 ${shown} 处，另有 ${faults.length - shown} 处` : undefined}
        rows={listed.map((one, at) => ({ ...one, at }))}
        rowKey={(row) => String(row.at)}
        columns={[
          { key: 'row', header: '行', keep: true, cell: (row) => `第${row.row}行` },
          { key: 'column', header: '列', cell: (row) => row.column },
          { key: 'rule', header: '规则', cell: (row) => row.rule },
          { key: 'message', header: '哪里不对', cell: (row) => row.message },
          { key: 'remedy', header: '怎样改', cell: (row) => row.remedy },
        ]}
        empty={null}
      />
    </div>
  )
}
