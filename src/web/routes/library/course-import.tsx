import { redirect } from 'react-router'
import { importArchive } from '#modules/library/transfer.commands.ts'
import { invalid } from '#platform/errors.ts'
import { attempt } from '../../ctx.ts'
import { libraryWords } from '../../library/desk.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Button } from '../../ui/button.tsx'
import { FileField } from '../../ui/choices.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/course-import.ts'

export const meta = () => title('导入课程')

export async function loader(args: Route.LoaderArgs) {
  return { area: workOf(args, 'library.contribute').area }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, organisationId } = workOf(args, 'library.contribute')
  const form = await args.request.formData()
  const upload = await uploadOf(form, 'file')
  const work = upload
    ? importArchive(ctx, { organisationId, bytes: upload.bytes })
    : Promise.reject(invalid({ file: ['请选择课程文件'] }))
  const tried = await attempt(work, form, libraryWords(ctx))
  return tried.ok ? redirect(done(paths.course(area, tried.value.courseId), 'course-imported')) : tried.answer
}

export default function CourseImport({ loaderData: { area }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="导入课程"
        crumbs={[{ label: '线上课程', href: paths.courses(area) }]}
        lead="导入本平台导出的课程文件（ZIP），或按同样格式制作的文件。导入后是草稿，提交前可以修改。"
      />
      <Form failed={actionData} labels={{ file: '课程文件' }} upload>
        <FileField
          name="file"
          label="课程文件"
          accept=".zip"
          limit="ZIP，不超过 20 MB；更大的请先导入课程，再单独上传视频。"
        />
        <Button>导入</Button>
      </Form>
    </>
  )
}
