import { certificateStates, type Verification, VerifyCertificate } from '#modules/assessment/certificate.schema.ts'
import { verifyInPublic } from '#modules/assessment/verification.queries.ts'
import { verifyLevel } from '#modules/certification/certificate.queries.ts'
import type { LevelVerification } from '#modules/certification/certificate.schema.ts'
import { parseNationalNumber } from '#modules/certification/number.rules.ts'
import type { Ctx } from '#platform/command.ts'
import { fieldFaults } from '#platform/command.ts'
import { invalid } from '#platform/errors.ts'
import { attempt, current, fail } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Form } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Copyable, More, Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import { DayText, Instant } from '../ui/time.tsx'
import type { Route } from './+types/verify.ts'

export const meta = () => title('查验证书')

/** The address in a certificate's QR code holds its code; a name never stands in an address. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const code = params.code?.slice(0, 40) ?? ''
  const asked = code === '' ? null : await verifyAny(ctx, { number: '', name: '', code }).catch(fail(request))
  return { asked, code, at: ctx.now }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = context.get(current)
  const form = await request.formData()
  const ask = async () => {
    const given = Object.fromEntries(form)
    if (given.by === 'code' && given.code === '') throw invalid({ code: ['请填写查验码'] })
    const parsed = VerifyCertificate.safeParse(given)
    if (!parsed.success) throw invalid(fieldFaults(parsed.error))
    return verifyAny(ctx, parsed.data)
  }
  const tried = await attempt(ask(), form)
  return tried.ok ? { answer: tried.value } : tried.answer
}

type Answered = ({ of: 'training' } & Verification) | ({ of: 'level' } & LevelVerification)

/** 22 places with a letter in front are a level certificate; a code may be of either. */
async function verifyAny(ctx: Ctx, asked: { number: string; name: string; code: string }): Promise<Answered> {
  if (asked.code === '' && parseNationalNumber(asked.number)) return { of: 'level', ...(await verifyLevel(ctx, asked)) }
  const training = await verifyInPublic(ctx, asked)
  if (training.state !== 'unknown' || asked.code === '') return { of: 'training', ...training }
  return { of: 'level', ...(await verifyLevel(ctx, asked)) }
}

export default function Verify({ loaderData, actionData }: Route.ComponentProps) {
  const answer = actionData && 'answer' in actionData ? actionData.answer : loaderData.asked
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  const byCode = failed?.values.by === 'code'
  return (
    <PageBody>
      <PageHeader
        title="查验证书"
        lead="扫证书上的二维码，或者输入证书编号和姓名。只显示遮盖后的姓名和号码。"
        crumbs={[{ label: '首页', href: paths.home() }]}
      />
      <div className="stack">
        {answer && <Answer answer={answer} at={loaderData.at} />}
        <div className="no-print">
          <Section title={answer ? '再查一张' : '输入查验'}>
            <div className="two-columns">
              <Form failed={byCode ? undefined : failed} labels={labels} action={paths.verifyCertificate()}>
                <TextField
                  name="number"
                  label="证书编号"
                  hint="培训合格证书如 440105-2021-000001-0，职业技能等级证书为字母 Y 或 S 加 21 位数字；横线可以不填"
                  maxLength={40}
                />
                <TextField name="name" label="持证人姓名" hint="改过名的，填哪一个都可以" maxLength={120} />
                <Button>按编号查验</Button>
              </Form>
              <Form failed={byCode ? failed : undefined} labels={labels} action={paths.verifyCertificate()}>
                <input type="hidden" name="by" value="code" />
                <TextField name="code" label="查验码" hint="印在二维码旁边，20 位，横线可以不填" maxLength={40} />
                <Button kind="plain">按查验码查验</Button>
              </Form>
            </div>
            <p className="mt-3">
              哪些机构可以发职业技能等级证书，见<a href={paths.assessors()}>等级认定机构</a>
              。有数字签名页、数字证书文件的，或者现场没有网络的，用<a href={paths.verifyOffline()}>离线查验</a>。
            </p>
          </Section>
        </div>
      </div>
    </PageBody>
  )
}

const labels = { number: '证书编号', name: '姓名', code: '查验码' }

function Answer({ answer, at }: { answer: Answered; at: Date }) {
  if (answer.state === 'unknown') {
    return (
      <Notice tone="warn" title="查不到这张证书" live>
        <p>请核对编号、姓名或查验码。编号和姓名要同时对上才会显示。</p>
        <p>
          仍查不到的，可能不是本平台签发的；其他机构的职业技能等级证书请到人社部联网查询系统核对。怀疑是假证的，请
          <a href={paths.reportProblem('培训合格证书')}>举报</a>。
        </p>
      </Notice>
    )
  }
  if (answer.of === 'level') return <LevelAnswer answer={answer} at={at} />
  const valid = answer.state === 'issued' && answer.intact
  return (
    <Section title="查验结果">
      <div className="stack">
        <Notice
          tone={valid ? 'good' : 'bad'}
          live
          title={
            !answer.intact
              ? '证书记录与签发时不一致，请勿采信'
              : valid
                ? '证书有效'
                : `证书已撤销${answer.revokedOn ? `（${answer.revokedOn}）` : ''}`
          }
        >
          {answer.revokeReason && <p>撤销原因：{answer.revokeReason}</p>}
          {!answer.intact && <p>请联系区人社局核实。</p>}
        </Notice>
        <SummaryList
          rows={[
            { label: '证书编号', value: <Copyable>{answer.number}</Copyable> },
            {
              label: '状态',
              value: (
                <StatusTag tone={answer.state === 'issued' ? 'good' : 'bad'}>
                  {certificateStates[answer.state]}
                </StatusTag>
              ),
            },
            { label: '持证人', value: `${answer.holder}（${answer.document}）` },
            { label: '培训项目', value: answer.programme },
            { label: '培训内容', value: answer.course },
            ...(answer.occupation ? [{ label: '职业（工种）', value: answer.occupation }] : []),
            ...(answer.level ? [{ label: '等级', value: answer.level }] : []),
            { label: '学习课时', value: `${answer.hours} 课时` },
            {
              label: '培训时间',
              value: (
                <>
                  <DayText day={answer.from} />至<DayText day={answer.to} />
                </>
              ),
            },
            { label: '签发机构', value: answer.issuer },
            { label: '签发日期', value: <DayText day={answer.issuedOn} /> },
            { label: '查验时间', value: <Instant at={at} /> },
          ]}
        />
        <Proof number={answer.number} digest={answer.digest} />
      </div>
    </Section>
  )
}

/** How anybody sees that the record is as it was issued, and where to turn when it is wrong. */
function Proof({ number, digest }: { number: string; digest: string }) {
  return (
    <>
      <More label="怎样证明记录没有改过">
        <p>签发时对全部内容算了 SHA-256 摘要并印在证书上；每次查验都重新计算比对。</p>
        <p>
          <Copyable>{digest}</Copyable>
        </p>
      </More>
      <LinkButton href={paths.reportProblem(`证书 ${number}`)} kind="quiet">
        证书有问题，我要举报
      </LinkButton>
    </>
  )
}

type LevelFound = Exclude<LevelVerification, { state: 'unknown' }>

function LevelAnswer({ answer, at }: { answer: LevelFound; at: Date }) {
  const valid = answer.state === 'issued' && answer.intact
  const said = !answer.intact
    ? '证书记录与签发时不一致，请勿采信'
    : valid
      ? '证书有效'
      : `证书已撤销${answer.revokedOn ? `（${answer.revokedOn}）` : ''}`
  return (
    <Section title="查验结果">
      <div className="stack">
        <Notice tone={valid ? 'good' : 'bad'} live title={said}>
          <p>职业技能等级证书。全国查询以人社部联网查询系统为准。</p>
        </Notice>
        <SummaryList
          rows={[
            { label: '证书编号', value: <Copyable>{answer.number}</Copyable> },
            { label: '持证人', value: `${answer.holder}（${answer.document}）` },
            { label: '职业（工种）', value: answer.occupation },
            { label: '等级', value: answer.level },
            { label: '考试日期', value: <DayText day={answer.examinedOn} /> },
            { label: '发证机构', value: answer.issuer },
            { label: '发证日期', value: <DayText day={answer.issuedOn} /> },
            { label: '查验时间', value: <Instant at={at} /> },
          ]}
        />
        <Proof number={answer.number} digest={answer.digest} />
      </div>
    </Section>
  )
}
