import { packagePage } from '#modules/packages/import.queries.ts'
import { packageStates } from '#modules/packages/import.schema.ts'
import { fail, signedIn } from '../../ctx.ts'
import type { Handle } from '../../handle.ts'
import { LessonFrame } from '../../library/lesson-frame.tsx'
import { preview, shownPackage } from '../../library/package-desk.ts'
import { PackageContents, PackageFaults, PackageQuestions } from '../../library/package-view.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { bytesText, instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/library-package.ts'

export const meta = () => title('课件包')

/** A unit runs only after every other lesson in this browser has been taken away. */
export const handle = { script: true } satisfies Handle

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const here = signedIn({ request, context }, 'library.read')
  const row = await packagePage(here.ctx, isId(params.id)).catch(fail(request))
  return { shown: shownPackage(row), running: preview(here, row, new URL(request.url).searchParams.get('unit')) }
}

/** A package as its reviewers see it: what it holds, what was found in it, and each unit to try. */
export default function LibraryPackage({ loaderData: { shown, running } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={running ? running.title : shown.title}
        caption={shown.kind ?? packageStates[shown.state]}
        crumbs={[
          { label: '课程入库', href: paths.libraryDesk() },
          ...(running ? [{ label: shown.title, href: paths.officePackage(shown.id) }] : []),
        ]}
      />
      <div className="stack">
        {running ? (
          <>
            <Notice title="试看">
              <p>试看不是学习：课件上报的进度、成绩和时间都不保存。</p>
            </Notice>
            <LessonFrame {...running} />
          </>
        ) : (
          <>
            <SummaryList
              rows={[
                { label: '状态', value: packageStates[shown.state] },
                { label: '文件', value: shown.archiveName, note: bytesText(shown.sizeBytes) },
                { label: '文件摘要（SHA-256）', value: <code className="break-all">{shown.sha256 ?? '没有'}</code> },
                { label: '导入完成', value: shown.at.ready ? instantText(shown.at.ready) : '没有' },
              ]}
            />
            <Section title="里面有什么">
              <PackageContents
                lines={shown.lines}
                {...(shown.state === 'ready' && { open: (unit: string) => paths.officePackage(shown.id, unit) })}
              />
            </Section>
            {shown.questions.length > 0 && <PackageQuestions questions={shown.questions} />}
            <PackageFaults faults={shown.faults} />
          </>
        )}
      </div>
    </>
  )
}
