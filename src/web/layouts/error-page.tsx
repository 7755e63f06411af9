import { isRouteErrorResponse } from 'react-router'
import type { Fault } from '#platform/errors.ts'
import { paths } from '../paths.ts'
import { site } from '../site.ts'
import { Actions, LinkButton } from '../ui/button.tsx'
import { FaultView } from '../ui/fault-view.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Copyable } from '../ui/section.tsx'
import { useShell } from './frame.tsx'
import { PageBody, PortalFrame } from './portal.tsx'

type Answer = { title: string; lead: string; fault?: Fault }

/** 404, 403 and 500, in words for the person who meets them. */
export function ErrorPage({ error }: { error: unknown }) {
  const requestId = useShell()?.requestId
  const answer = answerOf(error)
  return (
    <PortalFrame>
      <title>{`${answer.title} - ${site.name}`}</title>
      <PageBody>
        <PageHeader title={answer.title} lead={answer.lead} />
        <div className="stack">
          {answer.fault?.kind === 'refused' && <FaultView fault={answer.fault} />}
          <Actions>
            <LinkButton href={paths.home()} kind="primary">
              回到首页
            </LinkButton>
            <LinkButton href={paths.search()}>搜索</LinkButton>
          </Actions>
          <p className="soft">
            需要帮助请在工作日拨打 <a href={`tel:${site.phone}`}>{site.phoneShown}</a>
            {requestId && (
              <>
                ，并报问题编号 <Copyable>{requestId}</Copyable>
              </>
            )}
            。
          </p>
        </div>
      </PageBody>
    </PortalFrame>
  )
}

function answerOf(error: unknown): Answer {
  if (!isRouteErrorResponse(error)) {
    return {
      title: '系统出了问题',
      lead: '不是您的操作有误。我们已经记下这次出错，刚才提交的内容可能没有保存，请稍后再试。',
    }
  }
  const fault = (error.data as { fault?: Fault } | null)?.fault
  switch (error.status) {
    case 404:
      return { title: '找不到这一页', lead: '网址可能有误，或者内容已经撤下；也可能这条记录不属于您。' }
    case 403:
      return { title: '您的身份不能看这一页', lead: '如果这应该由您来办，请联系本单位的管理员开通，或换一个账号登录。' }
    case 405:
      return { title: '这一页不接受这样的提交', lead: '请从页面上的按钮进入。' }
    case 409:
      return { title: '现在不能这样办', lead: '请看下面的原因，处理后再试。', ...(fault && { fault }) }
    case 429:
      return { title: '试得太频繁了', lead: '为了保护账号安全，请稍等片刻再试。' }
    default:
      return { title: '没有办成', lead: '请回到上一页再试一次。' }
  }
}
