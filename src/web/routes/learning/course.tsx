import { redirect } from 'react-router'
import { credentialsOf } from '#modules/credentials/credential.queries.ts'
import { completeCourse } from '#modules/learning/completion.commands.ts'
import { sourceKeyOf } from '#modules/learning/completion.queries.ts'
import { type CourseItem, coursePage } from '#modules/learning/course.queries.ts'
import { itemKinds } from '#modules/learning/registration.schema.ts'
import { attempt, fail } from '../../ctx.ts'
import { spokenText } from '../../learning/clock-text.ts'
import { clockedText } from '../../learning/course-words.ts'
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
  return (
    <>
      <PageHeader
        title={course.title}
        caption={`${course.organisation}　${course.classTitle ? `计入班级：${course.classTitle}` : '自学，不计入班级'}`}
        crumbs={[{ label: '我的线上课程', href: paths.myCourses() }]}
        tag={course.completedAt && <StatusTag tone="good">已学完</StatusTag>}
        actions={<LinkButton href={paths.myMinutes(course.registrationId)}>逐段查看学习时间</LinkButton>}
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
          <Chapter key={items[0]?.chapter} items={items} registrationId={course.registrationId} />
        ))}
        <Section title="学完这门课" description="按下面的要求逐项核对，都达到才算学完。">
          {course.withdrawn ? (
            <Notice tone="bad" title={`学完已于 ${instantText(course.withdrawn.at)} 撤销`}>
              <p>原因：{course.withdrawn.reason}</p>
              <p>结业证书随之失效。计入的学习时间不受影响。有异议的，请向区人社局提出。</p>
            </Notice>
          ) : course.completedAt ? (
            <Completed at={course.completedAt} credentialId={credentialId} />
          ) : (
            <div className="stack">
              <DataTable
                caption={`共 ${course.requirements.length} 项，还差 ${open.length} 项`}
                rows={course.requirements}
                rowKey={(row) => row.itemId}
                columns={[
                  { key: 'title', header: '内容', cell: (row) => row.title },
                  { key: 'needed', header: '要求', cell: (row) => row.needed },
                  { key: 'found', header: '现在', cell: (row) => row.found },
                  {
                    key: 'met',
                    header: '是否达到',
                    keep: true,
                    cell: (row) => (
                      <StatusTag tone={row.met ? 'good' : 'wait'}>{row.met ? '达到' : '未达到'}</StatusTag>
                    ),
                  },
                ]}
                empty={<p>课程还没有内容。</p>}
              />
              <Form failed={actionData}>
                <Button kind="plain">核对并办理学完</Button>
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

const itemHref = (registrationId: string, item: CourseItem) =>
  item.kind === 'exam'
    ? paths.exam(registrationId, item.itemId)
    : item.kind === 'package'
      ? paths.myPackage(registrationId, item.itemId)
      : paths.lesson(registrationId, item.itemId)

function Chapter({ items, registrationId }: { items: CourseItem[]; registrationId: string }) {
  return (
    <Section title={items[0]?.chapterTitle ?? ''}>
      <DataTable
        caption={`共 ${items.length} 节`}
        rows={items}
        rowKey={(item) => item.itemId}
        columns={[
          { key: 'title', header: '内容', cell: (item) => <a href={itemHref(registrationId, item)}>{item.title}</a> },
          { key: 'kind', header: '类型', keep: true, cell: (item) => itemKinds[item.kind] },
          {
            key: 'length',
            header: '时长',
            keep: true,
            cell: (item) => (item.mediumMs === null ? '不按时间计' : spokenText(item.mediumMs)),
          },
          {
            key: 'state',
            header: '已学',
            cell: (item) =>
              item.kind === 'exam' || item.kind === 'assignment'
                ? item.passed === null
                  ? '未完成'
                  : item.passed
                    ? '已通过'
                    : '未通过'
                : item.mediumMs === null
                  ? '可学'
                  : `${spokenText(item.coveredMs)}（${Math.floor((item.coveredMs * 100) / item.mediumMs)}%）`,
          },
        ]}
        empty={null}
      />
    </Section>
  )
}
