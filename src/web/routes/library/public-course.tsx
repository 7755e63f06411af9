import { redirect } from 'react-router'
import { publicCourse } from '#modules/library/catalogue.queries.ts'
import { courseStates, itemKinds } from '#modules/library/course.schema.ts'
import { rateCourse } from '#modules/library/rating.commands.ts'
import { offListWords } from '#modules/library/round.rules.ts'
import { figuresFor } from '#platform/figures.ts'
import { richText } from '#platform/rich-text.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, current, fail, signedIn } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { courseTones, libraryWords, ratingText, secondsText } from '../../library/desk.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { levelLabel, programmeName } from '../../training/desk.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/public-course.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.course.title ?? '线上课程')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const course = await publicCourse(ctx, isId(params.id)).catch(fail(request))
  const rateAfter = (await figuresFor(ctx))('LIB.rateAfterPercent', dayOf(ctx.now)).value ?? 0
  const groups = new Map(ctx.plan.groups.map(({ id, label }) => [id, label]))
  const listed = course.state === 'trial' || course.state === 'admitted'
  const chapters = [...new Set(course.items.map(({ chapter }) => chapter))].map((chapter) => {
    const inside = course.items.filter((item) => item.chapter === chapter)
    return {
      chapter,
      title: inside[0]?.chapterTitle ?? '',
      // texts and cases are open to everybody; films and exams belong to learning, where time is counted
      items: inside.map(({ id, kind, title: name, plannedSeconds, required, captions, body }) => ({
        ...{ id, kind, name, plannedSeconds, required, captions },
        html:
          kind === 'case' && typeof body.story === 'string'
            ? richText(`${body.story}\n\n**成果：**${String(body.result ?? '')}`)
            : '',
      })),
    }
  })
  return {
    course: {
      id: course.id,
      number: course.number,
      title: course.title,
      state: course.state,
      organisation: course.organisation,
      organisationId: course.organisationId,
      occupation: [course.occupationTitle, course.level ? levelLabel(ctx.plan, course.level) : '']
        .filter(Boolean)
        .join('　'),
      groups: course.groups.map((group) => groups.get(group) ?? group),
      hours: course.plannedClassHours,
      captioned: course.captioned,
      ratingCount: course.ratingCount,
      ratingSum: course.ratingSum,
      why: offListWords[course.suspendedFor] ?? '',
      version: course.current.number,
      publishedAt: course.current.publishedAt,
      admittedAt: course.admittedAt,
      recheckOn: course.recheckOn,
    },
    summary: richText(course.summary),
    chapters: listed ? chapters : [],
    history: course.history.map(({ id, number, publishedAt, changeNote }) => ({ id, number, publishedAt, changeNote })),
    conversions: course.conversions.map((one) => ({ ...one, programme: programmeName(ctx.plan, one.programme) })),
    remarks: course.remarks.map(({ stars, remark, ratedAt }) => ({ stars, remark, ratedAt })),
    listed,
    rating: {
      after: rateAfter,
      learnt: course.learnt === null ? null : Number(course.learnt),
      own: course.ownStars,
      signedIn: ctx.actor.personId !== null,
    },
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'self.rate')
  const courseId = isId(params.id)
  const form = await request.formData()
  const tried = await attempt(rateCourse(ctx, { ...Object.fromEntries(form), courseId }), form, libraryWords(ctx))
  return tried.ok ? redirect(done(paths.libraryCourse(courseId), 'rated')) : tried.answer
}

export default function PublicCourse({ loaderData, actionData }: Route.ComponentProps) {
  const { course, summary, chapters, history, conversions, remarks, listed } = loaderData
  return (
    <PageBody>
      <PageHeader
        title={course.title}
        caption={course.number}
        crumbs={[{ label: '线上课程', href: paths.library() }]}
        tag={<StatusTag tone={courseTones[course.state]}>{courseStates[course.state]}</StatusTag>}
      />
      <div className="stack">
        {!listed && (
          <Notice tone="bad" title={course.state === 'suspended' ? `课程已暂停：${course.why}` : '课程已退出资源库'}>
            <p>不再接受新学员。已经学过的记录保留。</p>
          </Notice>
        )}
        {course.state === 'trial' && (
          <Notice title="试用中">
            <p>已通过评审，试用期满没有问题后正式入库。</p>
          </Notice>
        )}
        <SummaryList
          rows={[
            {
              label: '提供单位',
              value: <a href={paths.publicProvider(course.organisationId)}>{course.organisation}</a>,
            },
            { label: '职业和等级', value: course.occupation || '不限' },
            { label: '适合人群', value: course.groups.join('、') || '不限' },
            { label: '课时', value: `${course.hours} 课时`, note: '免费' },
            { label: '字幕', value: course.captioned ? '全部视频有字幕' : '没有或不全' },
            { label: '评分', value: ratingText(course) },
            {
              label: '版本',
              value: `第 ${course.version} 版`,
              note: course.publishedAt ? `${instantText(course.publishedAt)} 发布` : undefined,
            },
          ]}
        />
        {listed && (
          <Actions>
            <LinkButton kind="primary" href={paths.startCourse(course.id)}>
              开始学习
            </LinkButton>
          </Actions>
        )}
        {summary !== '' && (
          <Section title="课程简介">
            {/* biome-ignore lint/security/noDangerouslySetInnerHtml: made by richText, which lets no HTML through */}
            <div className="prose-zh" dangerouslySetInnerHTML={{ __html: summary }} />
          </Section>
        )}
        {chapters.length > 0 && <Chapters chapters={chapters} />}
        <Section title="课时计入补贴培训">
          {conversions.length === 0 ? (
            <p>现在没有培训项目计入本课程的课时。</p>
          ) : (
            <ul className="list-disc ps-5">
              {conversions.map((one) => (
                <li key={one.id}>
                  {one.programme}：最多计入 <b>{one.classHours} 课时</b>，自{dayText(one.from)}起
                  {one.to && `至${dayText(one.to)}`}（{one.source}）
                </li>
              ))}
            </ul>
          )}
        </Section>
        <Rating data={loaderData} failed={actionData} />
        {remarks.length > 0 && (
          <Section title="学员评语">
            {remarks.map((one) => (
              <p key={`${one.ratedAt}${one.remark}`}>
                {one.stars} 星　{one.remark}
              </p>
            ))}
          </Section>
        )}
        <More label={`版本记录（${history.length} 版）`}>
          <ul className="list-disc ps-5">
            {history.map((one) => (
              <li key={one.id}>
                第 {one.number} 版，{one.publishedAt && instantText(one.publishedAt)}
                {one.changeNote && `：${one.changeNote}`}
              </li>
            ))}
          </ul>
        </More>
        <p>
          内容有错、侵权、含广告？<a href={paths.libraryComplain(course.id)}>投诉这门课程</a>
        </p>
      </div>
    </PageBody>
  )
}

type Data = Route.ComponentProps['loaderData']

function Chapters({ chapters }: Pick<Data, 'chapters'>) {
  return (
    <Section title="学什么">
      <ol className="chapters">
        {chapters.map((chapter) => (
          <li key={chapter.chapter}>
            <h3>
              第{chapter.chapter}章　{chapter.title}
            </h3>
            <ul>
              {chapter.items.map((item) => (
                <li key={item.id}>
                  {itemKinds[item.kind]}　{item.name}
                  {item.plannedSeconds > 0 && `，${secondsText(item.plannedSeconds)}`}
                  {item.captions > 0 && '，有字幕'}
                  {!item.required && '，选学'}
                  {item.html !== '' && (
                    // biome-ignore lint/security/noDangerouslySetInnerHtml: made by richText, which lets no HTML through
                    <div className="prose-zh" dangerouslySetInnerHTML={{ __html: item.html }} />
                  )}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </Section>
  )
}

/** Stars only from those who have learnt enough; others read why. */
function Rating({
  data: { rating, listed, course },
  failed,
}: {
  data: Data
  failed: Route.ComponentProps['actionData']
}) {
  if (!listed) return null
  const enough = rating.learnt !== null && rating.learnt >= rating.after
  return (
    <Section title="评分">
      {enough ? (
        <Form failed={failed} labels={{ stars: '星', remark: '评语' }}>
          <RadioGroup
            name="stars"
            label={rating.own === null ? '您给几颗星' : '改您的评分'}
            options={[5, 4, 3, 2, 1].map((n) => ({ value: String(n), label: `${n} 星` }))}
            {...(rating.own !== null && { value: String(rating.own) })}
          />
          <TextArea name="remark" label="评语" optional rows={3} maxLength={500} hint="公开显示，不显示您的姓名。" />
          <Button kind="plain">评分</Button>
        </Form>
      ) : (
        <p>
          学到 {rating.after}% 以后可以评分，每人一次，可以改。
          {rating.signedIn
            ? rating.learnt === null
              ? '您还没有学过这门课程。'
              : `您学到 ${Math.floor(rating.learnt)}%。`
            : ''}
          {!rating.signedIn && (
            <LinkButton kind="quiet" href={paths.signIn(paths.libraryCourse(course.id))}>
              登录
            </LinkButton>
          )}
        </p>
      )}
    </Section>
  )
}
