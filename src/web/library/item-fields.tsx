import type { ExamBody, ItemKind } from '#modules/library/course.schema.ts'
import { Checkbox } from '../ui/choices.tsx'
import { type Option, SelectField, TextArea, TextField } from '../ui/fields.tsx'

export type ItemValues = {
  chapter: number
  chapterTitle: string
  title: string
  plannedMinutes: number
  mediaId: string
  packageId: string
  required: boolean
  body: Record<string, unknown>
}

export const itemLabels: Record<string, string> = {
  chapter: '章',
  chapterTitle: '章名',
  title: '标题',
  plannedMinutes: '计划时长',
  mediaId: '文件',
  packageId: '课件包',
  'body.text': '正文',
  'body.pools': '抽题',
  'body.minutes': '考试时间',
  'body.passMark': '合格线',
  'body.resits': '补考次数',
  'body.task': '作业要求',
  'body.accepts': '交作业的方式',
  'body.story': '案例经过',
  'body.result': '成果',
  'body.person': '当事人或单位',
  'body.linkId': '外部内容',
}

const text = (value: unknown) => (value === undefined || value === null ? '' : String(value))

/** The fields of one thing to learn; what depends on its kind comes in the middle. */
export function ItemFields(props: {
  kind: ItemKind
  values?: ItemValues
  files: Option[]
  packages: Option[]
  pools: { pool: string; n: number }[]
}) {
  const { kind, values } = props
  const body = values?.body ?? {}
  return (
    <>
      <TextField name="chapter" label="第几章" inputMode="numeric" width="short" value={text(values?.chapter ?? 1)} />
      <TextField
        name="chapterTitle"
        label="章名"
        hint="同一章的内容共用一个章名。"
        value={values?.chapterTitle ?? ''}
        maxLength={120}
      />
      <TextField name="title" label="标题" value={values?.title ?? ''} width="full" maxLength={120} />
      {(kind === 'video' || kind === 'audio' || kind === 'document') && (
        <SelectField
          name="mediaId"
          label="文件"
          hint={
            props.files.length === 0 ? '还没有可用的文件，请先到“课程文件”上传。' : '只列出本单位上传、类型合适的文件。'
          }
          options={props.files}
          value={values?.mediaId ?? ''}
        />
      )}
      {kind === 'package' && (
        <SelectField
          name="packageId"
          label="课件包"
          hint={props.packages.length === 0 ? '还没有导入过课件包。' : undefined}
          options={props.packages}
          value={values?.packageId ?? ''}
        />
      )}
      {kind === 'text' && (
        <TextArea
          name="body.text"
          label="正文"
          hint="可以用 Markdown：# 标题、**重点**、- 列表。不支持 HTML。"
          rows={14}
          value={text(body.text)}
        />
      )}
      {kind === 'exam' && <ExamFields body={body as Partial<ExamBody>} pools={props.pools} />}
      {kind === 'assignment' && (
        <>
          <TextArea
            name="body.task"
            label="作业要求"
            hint="学员写文字交作业，由本单位教师批改。"
            rows={8}
            value={text(body.task)}
          />
          <input type="hidden" name="body.accepts" value="text" />
        </>
      )}
      {kind === 'case' && (
        <>
          <TextField
            name="body.person"
            label="当事人或单位"
            optional
            hint="写人的须经本人同意。"
            value={text(body.person)}
          />
          <TextArea name="body.story" label="案例经过" rows={10} value={text(body.story)} />
          <TextArea
            name="body.result"
            label="成果"
            hint="例如：取得什么证书、就业或增收情况。"
            rows={3}
            value={text(body.result)}
          />
        </>
      )}
      {kind === 'lti' && <ToolFields body={body} />}
      {kind !== 'lti' && (
        <TextField
          name="plannedMinutes"
          label="计划时长"
          unit="分钟"
          inputMode="numeric"
          width="short"
          optional={kind === 'video' || kind === 'audio'}
          hint={kind === 'video' || kind === 'audio' ? '不填时按文件的播放时长。' : '学员一般要用多久。'}
          value={values ? text(values.plannedMinutes) : ''}
        />
      )}
      <Checkbox name="required" label="必学（学完课程必须完成）" checked={values?.required ?? true} />
    </>
  )
}

/** The link stays as it was made; what has to be reached may change with a version. */
function ToolFields({ body }: { body: Record<string, unknown> }) {
  return (
    <>
      <input type="hidden" name="body.linkId" value={text(body.linkId)} />
      <TextField
        name="body.passMark"
        label="合格线"
        unit="%"
        optional
        hint="按工具交回的得分占满分的比例。不填表示打开过就算完成。外部工具里的时间不计入学时。"
        inputMode="numeric"
        width="short"
        value={text(body.passMark)}
      />
    </>
  )
}

function ExamFields({ body, pools }: { body: Partial<ExamBody>; pools: { pool: string; n: number }[] }) {
  const options = pools.map(({ pool, n }) => ({ value: pool, label: `${pool}（${n} 题）` }))
  const rows = [0, 1, 2, 3].slice(0, Math.max(Math.min(pools.length, 4), 1))
  return (
    <>
      <fieldset className="field" id="f-body.pools">
        <legend>从题库抽题</legend>
        <p className="hint">
          {pools.length === 0 ? '题库还是空的，请先到“题库”添加题目。' : '每名学员随机抽到不同的题。'}
        </p>
        {rows.map((at) => (
          <div className="pair" key={at}>
            <SelectField
              name={`body.pools.${at}.pool`}
              label={`第 ${at + 1} 组`}
              optional={at > 0}
              options={options}
              value={body.pools?.[at]?.pool ?? ''}
            />
            <TextField
              name={`body.pools.${at}.count`}
              label="抽几题"
              optional={at > 0}
              inputMode="numeric"
              width="short"
              value={text(body.pools?.[at]?.count)}
            />
          </div>
        ))}
      </fieldset>
      <TextField
        name="body.minutes"
        label="考试时间"
        optional
        unit="分钟"
        hint="不填表示不限时（练习）。"
        inputMode="numeric"
        width="short"
        value={text(body.minutes)}
      />
      <TextField
        name="body.passMark"
        label="合格线"
        unit="%"
        inputMode="numeric"
        width="short"
        value={text(body.passMark ?? 60)}
      />
      <TextField
        name="body.resits"
        label="补考次数"
        optional
        hint="不填表示不限。"
        inputMode="numeric"
        width="short"
        value={text(body.resits)}
      />
    </>
  )
}
