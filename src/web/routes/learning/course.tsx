import { redirect } from 'react-router'
import { credentialsOf } from '#modules/credentials/credential.queries.ts'
import { completeCourse } from '#modules/learning/completion.commands.ts'
import { sourceKeyOf } from '#modules/learning/completion.queries.ts'
import { type CourseItem, coursePage } from '#modules/learning/course.queries.ts'
import { itemKinds } from '#modules/learning/registration.schema.ts'
import { attempt, fail } from '../../ctx.ts'
import { spokenText } from '../../learning/clock-text.ts'
import { clockedText } from '../../learning/course-words.ts'
import { itemHref } from '../../learning/item-href.ts'
import { learningWords } from '../../learning/words.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Form } from '../../ui/form.tsx'
import { durationText, instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/course.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.course.title ?? '线上课程')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const registrationId = isId(params.registrationId)
  const course = await coursePage(ctx.db, personId, registrationId).catch(fail(request))
  const credential =
    course.completedAt &&
    (await credentialsOf(ctx.db, personId)).find(({ sourceKey }) => sourceKey === sourceKeyOf(registrationId))
  return { course, credentialId: credential ? credential.id : null }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = ownAffairs({ request, context })
  const registrationId = isId(params.registrationId)
  const tried = await attempt(completeCourse(ctx, { registrationId }), await request.formData(), learningWords(ctx))
  return tried.ok ? redirect(done(paths.myCourse(registrationId), 'course-done')) : tried.answer
}

export default function Course({ loaderData: { course, credentialId }, actionData }: Route.ComponentProps) {
  const chapters = Map.groupBy(course.items, (item) => item.chapter)
  const open = course.requirements.filter((one) => !one.met)
  const next = course.completedAt ? undefined : course.items.find((item) => item.itemId === open[0]?.itemId)
  return (
    <>
      <PageHeader
        title={course.title}
        caption={`${course.organisation}　${course.classTitle ? `计入班级：${course.classTitle}` : '自学，不计入班级'}`}
        crumbs={[{ label: '我的线上课程', href: paths.myCourses() }]}
        tag={course.completedAt && <StatusTag tone="good">已学完</StatusTag>}
        actions={
          <>
            {next && (
              <LinkButton kind="primary" href={itemHref(course.registrationId, next)}>
                {course.lastItemId ? '继续学' : '开始学'}：{next.title}
              </LinkButton>
            )}
            <LinkButton href={paths.myMinutes(course.registrationId)}>逐段查看学习时间</LinkButton>
          </>
        }
      />
      <div className="stack">
        <Progress
          label="已达到的要求"
          value={course.requirements.length - open.length}
          max={course.requirements.length}
          unit="项"
          note={`按时长算，已学 ${course.sharePercent}%。`}
        />
        <p>
          课时台账已记 <b>{durationText(course.ledgerMinutes)}</b>
          {clockedText(course.waitingMs)}。
        </p>
        {[...chapters.values()].map((items) => (
          <Chapter key={items[0]?.chapter} items={items} course={course} />
        ))}
        <Section title="学完这门课" description="上面各项要求都达到才算学完；办理后生成结业证书。">
          {course.withdrawn ? (
            <Notice tone="bad" title={`学完已于 ${instantText(course.withdrawn.at)} 撤销`}>
              <p>原因：{course.withdrawn.reason}</p>
              <p>结业证书随之失效。计入的学习时间不受影响。有异议的，请向区人社局提出。</p>
            </Notice>
          ) : course.completedAt ? (
            <Completed at={course.completedAt} credentialId={credentialId} />
          ) : (
            <div className="stack">
              {open.length > 0 && (
                <p>
                  还差 <b>{open.length}</b> 项：{open.map((one) => one.title).join('、')}。
                </p>
              )}
              <Form failed={actionData}>
                <Button kind={open.length > 0 ? 'plain' : 'primary'}>核对并办理学完</Button>
              </Form>
            </div>
          )}
        </Section>
      </div>
    </>
  )
}

function Completed({ at, credentialId }: { at: Date; credentialId: string | null }) {
  return (
    <div className="stack">
      <Notice tone="good" title={`已于 ${instantText(at)} 学完`}>
        {credentialId ? (
          <p>结业证书已生成。要给用人单位看的，用学习护照；文件供别的系统自动核验。</p>
        ) : (
          <p>结业证书正在生成，一般一分钟内完成，请稍后刷新本页。</p>
        )}
      </Notice>
      {credentialId && (
        <Actions>
          <LinkButton href={paths.myPassport()}>在学习护照中出示</LinkButton>
          <LinkButton kind="plain" href={paths.myCredential(credentialId, 'json')} download>
            下载结业证书（JSON）
          </LinkButton>
          <LinkButton kind="plain" href={paths.myCredential(credentialId, 'jwt')} download>
            下载结业证书（JWT）
          </LinkButton>
        </Actions>
      )}
    </div>
  )
}

type Shown = Route.ComponentProps['loaderData']['course']

function Chapter({ items, course }: { items: CourseItem[]; course: Shown }) {
  const needed = new Map(course.requirements.map((one) => [one.itemId, one]))
  return (
    <Section title={items[0]?.chapterTitle ?? ''}>
      <DataTable
        caption={`共 ${items.length} 节`}
        rows={items}
        rowKey={(item) => item.itemId}
        columns={[
          {
            key: 'title',
            header: '内容',
            cell: (item) => <a href={itemHref(course.registrationId, item)}>{item.title}</a>,
          },
          { key: 'kind', header: '类型', keep: true, cell: (item) => itemKinds[item.kind] },
          {
            key: 'length',
            header: '时长',
            keep: true,
            cell: (item) => (item.mediumMs === null ? '不按时间计' : spokenText(item.mediumMs)),
          },
          { key: 'needed', header: '要求', keep: true, cell: (item) => needed.get(item.itemId)?.needed ?? '选学' },
          { key: 'found', header: '现在', keep: true, cell: (item) => foundText(item, needed.get(item.itemId)?.found) },
          {
            key: 'met',
            header: '是否达到',
            keep: true,
            cell: (item) => {
              const met = needed.get(item.itemId)?.met
              if (met === undefined) return <span className="soft">不要求</span>
              return <StatusTag tone={met ? 'good' : 'wait'}>{met ? '达到' : '未达到'}</StatusTag>
            },
          },
        ]}
        empty={null}
      />
    </Section>
  )
}

function foundText(item: CourseItem, found: string | undefined): string {
  if (item.mediumMs === null) return found ?? '可学'
  return `${spokenText(item.coveredMs)}（${Math.floor((item.coveredMs * 100) / item.mediumMs)}%）`
}
