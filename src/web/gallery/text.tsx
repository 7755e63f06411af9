import { paths } from '../paths.ts'
import { Actions, Button, DisabledButton, LinkButton } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FaultView } from '../ui/fault-view.tsx'
import { FigureCard, Figures } from '../ui/figure-card.tsx'
import { Icon, iconNames } from '../ui/icon.tsx'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { Process } from '../ui/process.tsx'
import { Progress } from '../ui/progress.tsx'
import { Copyable, Definition, Loading, LongText, More, Panel, Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { LinkList, ServiceTile, Tiles } from '../ui/tile.tsx'
import { DayText, Instant } from '../ui/time.tsx'

const longName = '广州市海珠区某某某某职业技能培训与人力资源服务综合发展（集团）股份有限公司第二职业培训学校琶洲校区'

export function Words() {
  return (
    <>
      <Section title="状态" description="先看图形和文字，再看颜色。">
        <div className="flex flex-wrap gap-2">
          <StatusTag>草稿</StatusTag>
          <StatusTag tone="info">初审中</StatusTag>
          <StatusTag tone="good">已发放</StatusTag>
          <StatusTag tone="wait">待补正</StatusTag>
          <StatusTag tone="warn">即将超期</StatusTag>
          <StatusTag tone="bad">不予受理</StatusTag>
        </div>
      </Section>
      <Section title="按钮">
        <div className="stack">
          <Actions>
            <Button>提交申报</Button>
            <LinkButton href="#buttons">查看材料</LinkButton>
            <Button kind="danger">撤销证书</Button>
            <LinkButton href="#buttons" kind="quiet">
              返回修改
            </LinkButton>
          </Actions>
          <DisabledButton reason="还差 6 课时。学时满 40 课时才能申请结业考核。">申请结业考核</DisabledButton>
        </div>
      </Section>
      <Section title="数字和时间">
        <SummaryList
          rows={[
            { label: '金额', value: <Money fen={123456789} />, note: '精确到分' },
            { label: '追回', value: <Money fen={-120000} /> },
            { label: '日期', value: <DayText day="2021-06-30" weekday /> },
            { label: '时刻', value: <Instant at="2021-06-30T06:05:00Z" /> },
            {
              label: '编号',
              value: <Copyable>HZPX-2021-000000000000123456789-0001</Copyable>,
              note: '点一下即可全选复制',
            },
            { label: '单位名称', value: longName, action: { href: '#numbers', label: '修改' } },
            { label: '备注', value: undefined },
          ]}
        />
      </Section>
      <Section title="图标">
        <div className="panel flex flex-wrap gap-4 text-2xl">
          {iconNames.map((name) => (
            <Icon key={name} name={name} label={name} />
          ))}
        </div>
      </Section>
    </>
  )
}

export function Messages() {
  return (
    <>
      <Section title="提示">
        <div className="stack">
          <Notice title="报名后请在开班前到机构核对身份证件">原件当场看过即还，平台不留存复印件。</Notice>
          <Notice tone="good" title="已提交。" />
          <Notice tone="warn" title="今年还能申领 1 次">
            上次申领在 2021年3月，免费班也计入次数。
          </Notice>
          <FaultView
            fault={{
              kind: 'refused',
              refusal: { clause: 'R04', reason: 'yearly-limit', facts: { used: 3, limit: 3 } },
            }}
            wording={{
              title: '今年的申领次数已经用完',
              remedy: '从 2022年1月1日起可以再次申领。已交的材料会为您留着。',
              clauseTitle: '每人每年可享受补贴的次数',
              facts: { 已用: '3 次', 上限: '3 次' },
            }}
          />
          <FaultView fault={{ kind: 'conflict', what: 'claim' }} />
        </div>
      </Section>
      <Section title="没有内容">
        <EmptyState icon="list" title="还没有申报" action={{ href: '#empty', label: '开始申报' }}>
          班级结业、成绩公布后就可以申报。
        </EmptyState>
      </Section>
      <Section title="正在读取">
        <Panel>
          <Loading />
        </Panel>
      </Section>
      <Section title="收起来的内容">
        <Panel>
          <div>
            本班按 <Definition term="有效学时">有签到、有记录、有测验佐证的学时，每课时不少于 45 分钟。</Definition>{' '}
            计算补贴。
          </div>
          <More label="看全部计算过程">
            <p>40 课时 × 每课时 25 元 = 1,000 元。</p>
          </More>
          <LongText>{`用户填写的说明，原样保留换行。\nhttps://example.invalid/a/very/long/address/without/any/space/that/must/wrap/on/phones`}</LongText>
        </Panel>
      </Section>
    </>
  )
}

export function Overview() {
  return (
    <>
      <Section title="入口">
        <Tiles>
          <ServiceTile href={paths.design()} icon="person" title="我是劳动者" text="找班报名，看学时和证书。" />
          <ServiceTile href="#tiles" icon="building" title={longName} text="名称很长的时候也要完整显示，不截断。" />
        </Tiles>
      </Section>
      <Section title="关键数字" more={{ href: '#figures', label: '口径说明' }}>
        <Figures>
          <FigureCard
            label="补贴性培训"
            value="41,286"
            unit="人次"
            note="目标 60,000 人次，68.8%"
            target={{ value: 41286, max: 60000 }}
            href="#figures"
          />
          <FigureCard label="首席技师" value="7" unit="名" note="目标 10 名" target={{ value: 7, max: 10 }} />
          <FigureCard label="已发放补贴" value="1,204.36" unit="万元" note="截至 2021年6月30日" />
          <FigureCard label="差错率" value="0.42" unit="%" note="抽查 480 人次，置信区间 0.1%–1.2%" />
        </Figures>
      </Section>
      <Section title="进度">
        <Panel>
          <Progress label="学时" value={34} max={40} unit="课时" note="还差 6 课时，下一课 7月3日 9:00" />
        </Panel>
      </Section>
      <Section title="办理进度">
        <Panel>
          <Process
            label="申报办理进度"
            steps={[
              { title: '提交申报', state: 'done', meta: '2021年6月21日 10:12　机构财务' },
              { title: '受理', state: 'done', meta: '2021年6月22日　人社受理', note: '材料齐全。' },
              {
                title: '初审',
                state: 'now',
                note: '正在核对社保缴费和在校情况。',
                clock: { text: '还剩 3 个工作日，7月9日前办结', tone: 'warn' },
              },
              { title: '复核', state: 'todo' },
              { title: '公示', state: 'todo', meta: '5 个工作日' },
              { title: '发放', state: 'todo' },
            ]}
          />
        </Panel>
      </Section>
      <Section title="分页签">
        <Tabs
          label="申报"
          current="#all"
          tabs={[
            { href: '#all', label: '全部', count: 128 },
            { href: '#mine', label: '待我办理', count: 6 },
            { href: '#done', label: '已办结' },
          ]}
        />
      </Section>
      <Section title="列表">
        <LinkList
          items={[
            { href: '#1', label: '2021年第二季度职业技能提升补贴公示', meta: '还剩 4 个工作日' },
            { href: '#2', label: longName, meta: '2021年6月18日' },
          ]}
        />
      </Section>
    </>
  )
}
