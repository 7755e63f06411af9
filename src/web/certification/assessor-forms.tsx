import type { Site } from '#modules/certification/assessor.queries.ts'
import { examinerRoles, examParts } from '#modules/certification/assessor.schema.ts'
import { Actions, Button } from '../ui/button.tsx'
import { Checkbox, CheckboxGroup, RadioGroup } from '../ui/choices.tsx'
import { DateField, type Option, SelectField, TextArea, TextField } from '../ui/fields.tsx'
import type { Failed } from '../ui/form.tsx'
import { IntentForm } from '../ui/intent-form.tsx'
import { More } from '../ui/section.tsx'

const partOptions = Object.entries(examParts).map(([value, label]) => ({ value, label }))
const opened = (failed: Failed | undefined, intent: string) => failed?.values?.intent === intent

/** The codes a certificate's number begins with, as the province filed them. */
export function CodesForm({ failed }: { failed: Failed | undefined }) {
  return (
    <IntentForm intent="assessor" failed={failed}>
      <RadioGroup
        name="assessor-kind"
        label="机构类别"
        options={[
          { value: 'Y', label: '用人单位（Y）' },
          { value: 'S', label: '社会培训评价组织（S）' },
        ]}
      />
      <TextField name="assessor-filingCode" label="机构代码" hint="4 位数字；在省级备案的填 0000" width="short" />
      <TextField name="assessor-province" label="省级代码" hint="2 位数字，广东为 44" width="short" />
      <TextField name="assessor-serial" label="机构序列码" hint="6 位数字" width="short" />
      <TextField name="assessor-filingNo" label="备案编号" maxLength={80} />
      <Button>登记</Button>
    </IntentForm>
  )
}

export function ScopeForm(props: { failed: Failed | undefined; occupations: Option[]; levels: Option[] }) {
  const { failed, occupations, levels } = props
  return (
    <More label="登记一项认定范围" open={opened(failed, 'scope')}>
      <IntentForm intent="scope" failed={failed}>
        <SelectField name="scope-occupation" label="职业（工种）" options={occupations} />
        <SelectField name="scope-level" label="等级" options={levels} hint="按该职业自己的等级设置选择" />
        <CheckboxGroup name="scope-parts" label="考核部分" options={partOptions} />
        <TextField name="scope-standard" label="所依据的职业标准" width="full" maxLength={120} />
        <TextArea
          name="scope-conditions"
          label="申报条件"
          rows={4}
          hint="一行一条；要求年数的，在竖线后写年数，如“累计从事本职业工作1年以上｜1”"
        />
        <DateField name="scope-from" label="有效期开始" />
        <DateField name="scope-to" label="有效期结束" optional />
        <TextField name="scope-source" label="备案文件" width="full" maxLength={200} />
        <Button kind="plain">登记</Button>
      </IntentForm>
    </More>
  )
}

export function SiteForm({ failed }: { failed: Failed | undefined }) {
  return (
    <More label="登记考点" open={opened(failed, 'site')}>
      <IntentForm intent="site" failed={failed}>
        <TextField name="site-name" label="考点名称" maxLength={80} />
        <TextField name="site-address" label="考点地址" width="full" maxLength={200} />
        <RadioGroup
          name="site-tenure"
          label="场地"
          options={[
            { value: 'owned', label: '自有' },
            { value: 'leased', label: '租赁' },
          ]}
        />
        <DateField name="site-leasedTo" label="租期截止" optional hint="租赁的填写" />
        <Button kind="plain">登记考点</Button>
      </IntentForm>
    </More>
  )
}

export function RoomForm({ failed, sites }: { failed: Failed | undefined; sites: readonly Site[] }) {
  const open = sites.filter((one) => one.state === 'proposed').map((one) => ({ value: one.id, label: one.name }))
  if (open.length === 0) return null
  return (
    <More label="登记考场" open={opened(failed, 'room')}>
      <IntentForm intent="room" failed={failed}>
        <SelectField name="room-siteId" label="考点" options={open} hint="核准以后不能再加考场" />
        <TextField name="room-name" label="考场名称" maxLength={60} />
        <SelectField name="room-part" label="用于" options={partOptions} />
        <TextField name="room-seats" label="座位或工位数" unit="个" inputMode="numeric" width="short" />
        <Checkbox name="room-video" label="有全程录像设备" optional />
        <Button kind="plain">登记考场</Button>
      </IntentForm>
    </More>
  )
}

export function ExaminerForm({ failed }: { failed: Failed | undefined }) {
  return (
    <More label="登记考评员或督导员" open={opened(failed, 'examiner')}>
      <IntentForm intent="examiner" failed={failed}>
        <TextField name="examiner-name" label="姓名" maxLength={60} />
        <TextField name="examiner-documentNumber" label="身份证号码" hint="用来核对是不是教过考生" maxLength={30} />
        <SelectField
          name="examiner-role"
          label="角色"
          options={Object.entries(examinerRoles).map(([value, label]) => ({ value, label }))}
        />
        <TextField name="examiner-cardNo" label="证件编号" maxLength={60} />
        <DateField name="examiner-validTo" label="证件有效期" optional />
        <Button kind="plain">登记</Button>
      </IntentForm>
    </More>
  )
}

/** Approve or not, for whatever waits; `inspected` also asks when the place was seen. */
export function DecisionForm(props: {
  intent: string
  about: Record<string, string>
  failed: Failed | undefined
  inspected?: boolean
}) {
  const { intent, about, failed } = props
  return (
    <IntentForm intent={intent} failed={failed} about={about}>
      {props.inspected && <DateField name={`${intent}-inspectedOn`} label="现场核查日期" optional />}
      <Actions>
        <Button kind="plain" name={`${intent}-decision`} value="approve">
          核准
        </Button>
        <Button kind="quiet" name={`${intent}-decision`} value="reject">
          不予核准
        </Button>
      </Actions>
    </IntentForm>
  )
}
