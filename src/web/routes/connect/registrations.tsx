import { redirect } from 'react-router'
import { endPartner } from '#modules/access/partner.commands.ts'
import { partnersOf } from '#modules/access/partner.queries.ts'
import { endPlatform } from '#modules/connect/platform.commands.ts'
import { deliveryCounts, platformsOf } from '#modules/connect/platform.queries.ts'
import { endTool } from '#modules/connect/tool.commands.ts'
import { toolsOf } from '#modules/connect/tool.queries.ts'
import { scopeLabels, tellLabels } from '#modules/connect/tool.schema.ts'
import { RegistrationList } from '../../connect/registration-list.tsx'
import { connectWords } from '../../connect/words.ts'
import { attempt } from '../../ctx.ts'
import { siteOrigin } from '../../origin.ts'
import { ownOrganisation } from '../../own-organisation.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Actions, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, More, Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/registrations.ts'

export const meta = () => title('外部平台互通')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, organisationId, area } = ownOrganisation({ request, context }, 'connect.register')
  const [tools, platforms, counts, partners] = await Promise.all([
    toolsOf(ctx.db, organisationId),
    platformsOf(ctx.db, organisationId),
    deliveryCounts(ctx.db, organisationId),
    partnersOf(ctx.db, organisationId),
  ])
  return {
    area,
    origin: siteOrigin(request),
    tools: tools.map(({ publicJwks: _, proposedBy: __, ...tool }) => tool),
    platforms: platforms.map(({ proposedBy: _, ...platform }) => ({
      ...platform,
      counts: counts.find(({ platformId }) => platformId === platform.id),
    })),
    partners: partners.map(({ proposedBy: _, ...partner }) => partner),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, area } = ownOrganisation({ request, context }, 'connect.register')
  const form = await request.formData()
  const steps = { 'end-tool': endTool, 'end-platform': endPlatform, 'end-partner': endPartner }
  const intent = String(form.get('intent')) as keyof typeof steps
  if (!Object.hasOwn(steps, intent)) throw new Response(null, { status: 400 })
  const tried = await attempt<unknown>(steps[intent](ctx, Object.fromEntries(form)), form, connectWords(ctx))
  return tried.ok ? redirect(done(paths.connections(area), 'connect-ended')) : tried.answer
}

export default function Registrations({ loaderData, actionData }: Route.ComponentProps) {
  const { area, origin, tools, platforms, partners } = loaderData
  const of = (intent: string) => (actionData?.values.intent === intent ? actionData : undefined)
  return (
    <>
      <PageHeader
        title="外部平台互通"
        lead="课程里可以打开其他平台的工具，贵单位的学习平台也可以打开本平台的课程，成员还可以用单位账号登录。登记后由区安全管理员批准。"
      />
      <div className="stack">
        <Section
          title="外部工具"
          description="按 LTI 1.3 打开的实训软件、题库和模拟器。默认只告诉工具一个化名；在工具里花的时间不计入学时。"
        >
          <Actions>
            <LinkButton href={paths.newTool(area)}>登记外部工具</LinkButton>
          </Actions>
          <RegistrationList
            caption="本单位登记的工具"
            rows={tools}
            end="end-tool"
            failed={of('end-tool')}
            facts={(tool) => (
              <More label="对接资料">
                <SummaryList
                  rows={[
                    { label: '客户端编号', value: <Copyable>{tool.clientId}</Copyable> },
                    { label: '部署编号', value: <Copyable>{tool.deploymentId}</Copyable> },
                    { label: '打开地址', value: tool.targetUrl },
                    { label: '权限', value: tool.scopes.map((one) => scopeLabels[one]).join('；') || '没有' },
                    { label: '告诉工具', value: ['化名', ...tool.tells.map((one) => tellLabels[one])].join('、') },
                  ]}
                />
              </More>
            )}
            empty={<EmptyState title="还没有登记">要在课程里打开其他平台的内容，请先登记它。</EmptyState>}
          />
          <More label="交给工具方填写的地址">
            <SummaryList
              rows={[
                { label: '签发方（issuer）', value: <Copyable>{origin}</Copyable> },
                { label: '认证地址', value: <Copyable>{`${origin}/lti/auth`}</Copyable> },
                { label: '令牌地址', value: <Copyable>{`${origin}/lti/token`}</Copyable> },
                { label: '公钥地址', value: <Copyable>{`${origin}/lti/jwks`}</Copyable> },
              ]}
            />
          </More>
        </Section>
        <Section
          title="学校和单位的学习平台"
          description="贵单位的学习平台用 LTI 1.3 打开本平台已入库的课程，学完后把结果送回。平台只是带路：学员要在本平台自己登录。"
        >
          <Actions>
            <LinkButton href={paths.newPlatform(area)}>登记学习平台</LinkButton>
          </Actions>
          <RegistrationList
            caption="本单位登记的平台"
            rows={platforms}
            end="end-platform"
            failed={of('end-platform')}
            facts={(platform) => (
              <>
                <p>
                  已关联 {platform.counts?.linked ?? 0} 人；结果已送 {platform.counts?.sent ?? 0}，待送{' '}
                  {platform.counts?.waiting ?? 0}，送不出 {platform.counts?.givenUp ?? 0}。
                </p>
                {platform.counts?.lastAnswer && <p className="soft">最近一次没送成：{platform.counts.lastAnswer}</p>}
                <p className="soft">{platform.issuer}</p>
              </>
            )}
            empty={<EmptyState title="还没有登记">学校要在自己的平台里打开本平台课程，请先登记。</EmptyState>}
          />
          <More label="填到贵单位学习平台里的地址">
            <SummaryList
              rows={[
                { label: '登录发起地址', value: <Copyable>{`${origin}/lti/login`}</Copyable> },
                { label: '打开和回跳地址', value: <Copyable>{`${origin}/lti/launch`}</Copyable> },
                { label: '选内容地址', value: <Copyable>{`${origin}/lti/launch`}</Copyable> },
                { label: '公钥地址', value: <Copyable>{`${origin}/lti/jwks`}</Copyable> },
              ]}
            />
          </More>
        </Section>
        <Section
          title="单位账号登录"
          description="成员用贵单位自己的登录服务（OpenID Connect）登录。这样登录只能办理贵单位的事，不能查看个人记录。"
        >
          <Actions>
            <LinkButton href={paths.newSignIn(area)}>登记登录服务</LinkButton>
          </Actions>
          <RegistrationList
            caption="本单位的登录服务"
            rows={partners}
            end="end-partner"
            failed={of('end-partner')}
            facts={(partner) => (
              <>
                <p>{partner.issuer}</p>
                <p className="soft">
                  {partner.domains.length > 0 ? `只限邮箱 ${partner.domains.join('、')}` : '不限邮箱'}
                  {partner.subjectPrefix && `；账号以 ${partner.subjectPrefix} 开头`}
                </p>
              </>
            )}
            empty={<EmptyState title="还没有登记">不登记也不影响手机验证码登录。</EmptyState>}
          />
          <p>
            回跳地址填 <Copyable>{`${origin}${paths.partnerCallback()}`}</Copyable>
          </p>
        </Section>
      </div>
    </>
  )
}
