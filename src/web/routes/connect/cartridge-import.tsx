import { importCartridge } from '#modules/connect/cartridge.commands.ts'
import { invalid } from '#platform/errors.ts'
import { connectWords } from '../../connect/words.ts'
import { attempt } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { FileField } from '../../ui/choices.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/cartridge-import.ts'

export const meta = () => title('导入 Common Cartridge')

export function loader(args: Route.LoaderArgs) {
  return { area: workOf(args, 'library.contribute').area }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, organisationId } = workOf(args, 'library.contribute')
  const form = await args.request.formData()
  const upload = await uploadOf(form, 'file')
  const work = upload
    ? importCartridge(ctx, { organisationId, bytes: upload.bytes })
    : Promise.reject(invalid({ file: ['请选择课程文件'] }))
  const tried = await attempt(work, form, connectWords(ctx))
  return tried.ok ? { imported: tried.value } : tried.answer
}

export default function CartridgeImport({ loaderData: { area }, actionData }: Route.ComponentProps) {
  const imported = actionData && 'imported' in actionData ? actionData.imported : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  return (
    <>
      <PageHeader
        title="导入 Common Cartridge"
        crumbs={[{ label: '线上课程', href: paths.courses(area) }]}
        lead="其他学习平台（如 Moodle、Canvas）导出的 IMS Common Cartridge 1.1 到 1.3。导入后是草稿，提交前可以修改。"
      />
      {imported ? (
        <div className="stack">
          <Notice tone="good" live title={`已导入为草稿：内容 ${imported.items} 项，题目 ${imported.questions} 道`}>
            <p>
              <a href={paths.course(area, imported.courseId)}>打开课程</a>。文件正在查验；请补上每项的计划时长。
            </p>
          </Notice>
          {imported.left.length > 0 && (
            <Notice tone="warn" title={`有 ${imported.left.length} 处没有带进来`}>
              <ul>
                {imported.left.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            </Notice>
          )}
          <LinkButton href={paths.importCartridge(area)}>再导入一个</LinkButton>
        </div>
      ) : (
        <Form failed={failed} labels={{ file: '课程文件' }} upload>
          <FileField
            name="file"
            label="课程文件"
            accept=".imscc,.zip"
            limit="IMSCC 或 ZIP，不超过 20 MB；更大的视频请导入后单独上传。"
          />
          <Button>导入</Button>
        </Form>
      )}
    </>
  )
}
