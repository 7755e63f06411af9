import { redirect } from 'react-router'
import { withdrawSelf } from '#modules/training/enrolment.commands.ts'
import { enrolmentStates, reasonText } from '#modules/training/enrolment.schema.ts'
import { myClass } from '#modules/training/my.queries.ts'
import { attempt, fail, wordsOf } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { LinkButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { dayText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/withdraw.ts'

export const meta = () => title('退班')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  return { cls: await myClass(ctx, personId, isId(params.id)).catch(fail(request)) }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const cls = await myClass(ctx, personId, isId(params.id)).catch(fail(request))
  const tried = await attempt(withdrawSelf(ctx, { enrolmentId: cls.enrolmentId }), undefined, (refusal) =>
    wordsOf(ctx.plan, reasonText, refusal),
  )
  return tried.ok ? redirect(done(paths.my(), 'left-class')) : tried.answer
}

export default function Withdraw({ loaderData: { cls }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="退班"
        crumbs={[
          { label: '我的培训', href: paths.my() },
          { label: cls.title, href: paths.myClass(cls.classId) },
        ]}
      />
      {cls.state === 'enrolled' ? (
        <Confirm
          failed={actionData}
          final
          rows={[
            { label: '班级', value: cls.title },
            { label: '培训机构', value: cls.organisation },
            { label: '开班', value: dayText(cls.startsOn) },
            { label: '已学', value: `${cls.hours.hours} 课时`, note: '学时台账会保留，但没有考核合格，不能申领补贴。' },
          ]}
          consequence="您的名额会让给别人。还想学的，要看有没有名额再重新报名。"
          submit="确定退班"
          back={paths.myClass(cls.classId)}
        />
      ) : (
        <div className="stack">
          <Notice title={`您的状态是“${enrolmentStates[cls.state]}”，不用退班`} />
          <LinkButton href={paths.myClass(cls.classId)}>返回班级</LinkButton>
        </div>
      )}
    </>
  )
}
