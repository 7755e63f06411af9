import type { DocumentLine, EventLine } from '#modules/competition/event.queries.ts'
import type { JudgeLine } from '#modules/competition/judge.queries.ts'
import { paths } from '../paths.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { TextArea } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { dayText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'

type Data = {
  area: string
  today: string
  event: EventLine
  documents: readonly DocumentLine[]
  judges: readonly JudgeLine[]
}
const steps = ['call-back', 'announce', 'close-entries', 'begin', 'withdraw']

/** What the host does next, and what it waits for. */
export function HostSteps({ data, failed }: { data: Data; failed: Failed | undefined }) {
  const { event, documents } = data
  const own = steps.includes(String(failed?.values?.intent)) ? failed : undefined
  const one = (
    intent: string,
    label: string,
    words: string,
    kind: 'primary' | 'plain' = 'primary',
    early: string | null = null,
  ) => (
    <Form failed={own} labels={{ [`${intent}-note`]: '提前的理由' }}>
      <Notice title={words} />
      {early && (
        <TextArea
          name={`${intent}-note`}
          label="提前的理由"
          rows={2}
          maxLength={500}
          optional
          hint={`${early}；提前办理的才填写，理由在竞赛页面公布`}
        />
      )}
      <Button kind={kind} name="intent" value={intent}>
        {label}
      </Button>
    </Form>
  )
  switch (event.state) {
    case 'filed':
      return one('call-back', '撤回修改', '已申请备案。区人社局受理以前，可以撤回修改。', 'plain')
    case 'review':
      return <Notice title={`区人社局正在审查，由${event.takenByName}办理`} />
    case 'accepted':
      return event.documentId ? (
        one('announce', '发布竞赛公告', '技术文件已批准，可以发布公告、开始报名。发布后组别和名额不能改。')
      ) : (
        <Notice
          title={
            documents.some((each) => each.state === 'proposed') ? '技术文件等待区人社局批准' : '已备案，请编写技术文件'
          }
        >
          <p>技术文件批准后才能发布公告。</p>
        </Notice>
      )
    case 'announced':
      return one(
        'close-entries',
        '报名截止',
        `报名到${dayText(event.entriesTo ?? '')}为止。截止后进入资格审核。`,
        'primary',
        data.today <= (event.entriesTo ?? '') ? '报名期还没有满' : null,
      )
    case 'checking':
      return one(
        'begin',
        '开赛',
        '全部报名审核完、裁判长和裁判员到位后开赛。开赛后选手以代号出现。',
        'primary',
        data.today < (event.heldFrom ?? '') ? `公告的比赛从${dayText(event.heldFrom ?? '')}开始` : null,
      )
    case 'running':
      return (
        <Notice title="正在比赛">
          <p>
            在下面“轮次”里导入成绩、核对结束。<a href={paths.scoreboard(event.id)}>看实时成绩</a>
          </p>
        </Notice>
      )
    case 'scored':
      return (
        <Notice title={`成绩已汇总，申诉到${dayText(event.protestsUntil ?? '')}为止`}>
          <p>申诉期满、没有未办结的申诉和更正后，由区人社局公示。</p>
        </Notice>
      )
    case 'awarded':
    case 'archived':
      return <LinkButton href={paths.competition(event.id)}>看公开页面</LinkButton>
    default:
      return null
  }
}
