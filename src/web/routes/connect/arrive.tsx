import { redirect } from 'react-router'
import { type Arrival, arrivalFor, browserCookie } from '#modules/connect/arrival.queries.ts'
import { enter } from '#modules/connect/entry.commands.ts'
import { cookieOf } from '#platform/session.ts'
import { connectWords } from '../../connect/words.ts'
import { attempt, type Current, current, type RefusalWords } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/arrive.ts'

export const meta = () => title('从学习平台进入课程')
export const headers = () => ({ 'x-robots-tag': 'noindex, nofollow', 'cache-control': 'no-store' })

type Shown =
  | { step: 'refused'; words: RefusalWords | undefined }
  | {
      step: 'sign-in' | 'agree' | 'official'
      from: string
      organisation: string
      course: string
      next: string
      name: string
    }

function refusedWith({ ctx }: Current, reason: string): Shown {
  return { step: 'refused', words: connectWords(ctx)({ clause: 'C01', reason, facts: {} }) }
}

/** A signed message brought somebody here; who it is, only signing in here can say. */
export async function loader({ request, context, params }: Route.LoaderArgs): Promise<Shown> {
  const found = context.get(current)
  const { ctx, session } = found
  const browser = cookieOf(request, browserCookie) ?? ''
  const arrival = await arrivalFor(ctx.db, params.code, browser)
  if (arrival === 'over') return refusedWith(found, 'arrival-over')
  if (arrival === 'other-browser') return refusedWith(found, 'arrival-other-browser')
  if (arrival.kind === 'deep-linking') throw redirect(paths.pickCourses(params.code))
  if (!arrival.courseId) return refusedWith(found, 'course-not-given')
  // Whoever teaches there looks at the course; learning it would make no sense of his results.
  if (arrival.teaches) throw redirect(paths.libraryCourse(arrival.courseId))
  const shown = shownOf(arrival, paths.arrive(params.code), ctx.actor.name)
  if (ctx.actor.kind !== 'user') return { step: 'sign-in', ...shown }
  if (session?.kind === 'official' || session?.partnerId) return { step: 'official', ...shown }
  if (!ctx.actor.personId) throw redirect(paths.identity(paths.arrive(params.code)))
  if (arrival.linkedPersonId === null) return { step: 'agree', ...shown }
  // The one who is signed in here is the one who was linked: nothing more to ask.
  const tried = await attempt(enter(ctx, { code: params.code, browser }), undefined, connectWords(ctx))
  if (tried.ok) throw redirect(paths.myCourse(tried.value.registrationId))
  return { step: 'refused', words: tried.answer.data.wording }
}

const shownOf = (arrival: Arrival, next: string, name: string) => ({
  from: arrival.platformName,
  organisation: arrival.organisation,
  course: arrival.courseTitle ?? '',
  next,
  name,
})

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = context.get(current)
  const form = await request.formData()
  const browser = cookieOf(request, browserCookie) ?? ''
  const tried = await attempt(enter(ctx, { code: params.code, browser, agree: true }), form, connectWords(ctx))
  return tried.ok ? redirect(paths.myCourse(tried.value.registrationId)) : tried.answer
}

export default function Arrive({ loaderData, actionData }: Route.ComponentProps) {
  if (loaderData.step === 'refused') {
    return (
      <PageBody>
        <PageHeader title="没有进入课程" crumbs={[{ label: '首页', href: paths.home() }]} />
        <Notice tone="bad" live title={loaderData.words?.title ?? '这次进入已经用过或过期'}>
          <p>{loaderData.words?.remedy ?? '请回到贵校的学习平台，重新点开课程。'}</p>
        </Notice>
      </PageBody>
    )
  }
  const { step, from, organisation, course, next, name } = loaderData
  return (
    <PageBody>
      <PageHeader title={course} caption={`从${from}进入`} crumbs={[{ label: '首页', href: paths.home() }]} />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '学习平台', value: from, note: organisation },
            { label: '课程', value: course },
            { label: '送回平台的', value: '是否学完', note: '不送学习时间、姓名、手机号和证件号码。' },
          ]}
        />
        {step === 'sign-in' && (
          <>
            <p>
              请先登录本平台。学习平台只是带您到这里，不能代您登录；确认关联后，下次您已登录时从那里进来，会直接打开课程。
            </p>
            <Actions>
              <LinkButton kind="primary" href={paths.signIn(next)}>
                登录
              </LinkButton>
            </Actions>
          </>
        )}
        {step === 'official' && (
          <Notice tone="warn" title="请用个人方式登录">
            <p>工作人员账号和单位账号不能与学习平台关联。请退出后用手机验证码登录，再从学习平台进入。</p>
          </Notice>
        )}
        {step === 'agree' && (
          <Form failed={actionData}>
            <p>
              您现在以 <b>{name}</b> 登录。确认后，{from}上打开课程的账号与您关联，以后只有您本人登录时才能从那里进入。
              可以随时在“我的账号”里解除。
            </p>
            <Actions>
              <Button>关联并进入课程</Button>
              <LinkButton kind="quiet" href={paths.home()}>
                不是我，离开
              </LinkButton>
            </Actions>
          </Form>
        )}
      </div>
    </PageBody>
  )
}
