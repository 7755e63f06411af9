import type { EventLine } from '#modules/competition/event.queries.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import { Actions, Button } from '../ui/button.tsx'
import { DateField, TextArea, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { Section } from '../ui/section.tsx'

type Data = { event: EventLine; type: CompetitionType }

/** The host's plan for the competition; kept whole or not, filed when whole. */
export function FilingForm({ data: { event, type }, failed }: { data: Data; failed: Failed | undefined }) {
  const intent = String(failed?.values?.intent ?? '')
  const writing = ['save', 'file'].includes(intent) ? failed : undefined
  const placesOf = (id: string) => String(event.groups.find((one) => one.id === id)?.places ?? '')
  return (
    <Section title="竞赛方案" description="可以先保存，填完再申请备案。">
      <Form
        failed={writing}
        labels={{
          ...{
            title: '竞赛名称',
            purpose: '竞赛目的',
            partners: '承办、协办和分工',
            venue: '比赛地点',
            fee: '向选手收费',
          },
          ...{ entriesFrom: '报名开始', entriesTo: '报名截止', heldFrom: '比赛开始', heldTo: '比赛结束' },
        }}
      >
        <input type="hidden" name="version" value={String(writing?.values?.version ?? event.version)} />
        <TextField name="title" label="竞赛名称" width="full" maxLength={120} value={event.title} />
        <TextArea name="purpose" label="竞赛目的" rows={3} maxLength={2000} value={event.purpose} />
        <TextArea
          name="partners"
          label="承办、协办单位和分工"
          rows={2}
          maxLength={500}
          value={event.partners}
          hint="没有承办、协办单位的，写“由本单位独立举办”"
        />
        <TextField name="venue" label="比赛地点" width="full" maxLength={200} value={event.venue} />
        <DateField name="entriesFrom" label="报名开始" value={event.entriesFrom ?? ''} />
        <DateField name="entriesTo" label="报名截止" value={event.entriesTo ?? ''} />
        <DateField name="heldFrom" label="比赛开始" value={event.heldFrom ?? ''} />
        <DateField name="heldTo" label="比赛结束" value={event.heldTo ?? ''} />
        <TextField
          name="fee"
          label="向选手收费"
          unit="元"
          inputMode="decimal"
          width="short"
          hint="不收费填 0"
          value={String(event.feeFen / 100)}
        />
        {type.groups.map((group) => (
          <TextField
            key={group.id}
            name={`places.${group.id}`}
            label={`${group.label}名额`}
            optional
            hint={group.team ? `每队 ${group.team.least} 至 ${group.team.most} 人，按队计` : '不设这一组就留空'}
            unit={group.team ? '队' : '人'}
            inputMode="numeric"
            width="short"
            value={placesOf(group.id)}
          />
        ))}
        <Actions>
          <Button name="intent" value="file">
            申请备案
          </Button>
          <Button kind="plain" name="intent" value="save">
            保存
          </Button>
          <Button kind="quiet" name="intent" value="withdraw">
            不办了，撤回
          </Button>
        </Actions>
      </Form>
    </Section>
  )
}
