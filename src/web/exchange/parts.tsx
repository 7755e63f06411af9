import type { Offer } from '#modules/exchange/exchange.queries.ts'
import { offerKinds, reasonText } from '#modules/exchange/exchange.schema.ts'
import type { Ctx } from '#platform/command.ts'
import type { Refusal } from '#policy/decision.ts'
import { wordsOf } from '../ctx.ts'
import { Checkbox, RadioGroup } from '../ui/choices.tsx'
import { DateField, type Option, SelectField, TextArea, TextField } from '../ui/fields.tsx'
import { dayText, instantText } from '../ui/format.ts'

/** Words for refusals of this module, for `attempt`. */
export const exchangeWords = (ctx: Pick<Ctx, 'plan'>) => (refusal: Refusal) => wordsOf(ctx.plan, reasonText, refusal)

export const span = (one: { on?: string; from: Date; to: Date }) =>
  `${instantText(one.from)}至${instantText(one.to).slice(-5)}`
export const hostOf = (one: Pick<Offer, 'kind' | 'host'>) => `${one.host}（${offerKinds[one.kind]}）`
export const daySpan = (from: string, to: string) => `${dayText(from)}至${dayText(to)}`

/** What every offer says of itself; `rooms` for a centre, a place of one's own for a mentor. */
export function OfferFields(props: { lead: string; streets: Option[]; rooms?: Option[]; titles?: Option[] }) {
  const { lead, streets, rooms, titles } = props
  return (
    <>
      {titles && <SelectField name={`${lead}-designationId`} label="以哪个称号开放" options={titles} />}
      <TextField name={`${lead}-industry`} label="行业" maxLength={60} hint="如 人工智能、餐饮服务" />
      <TextField name={`${lead}-subject`} label="题目" maxLength={80} width="full" />
      <TextArea name={`${lead}-summary`} label="内容简介" rows={3} optional />
      {rooms ? (
        <SelectField name={`${lead}-roomId`} label="教室" options={rooms} />
      ) : (
        <>
          <RadioGroup
            name={`${lead}-mode`}
            label="形式"
            options={[
              { value: 'onsite', label: '现场' },
              { value: 'online', label: '线上' },
            ]}
          />
          <TextField name={`${lead}-place`} label="地点或线上入口" maxLength={160} width="full" />
        </>
      )}
      <SelectField name={`${lead}-subdistrict`} label="所在街道" options={streets} optional placeholder="不限" />
      <DateField name={`${lead}-on`} label="日期" />
      <TextField name={`${lead}-from`} label="开始时间" width="short" hint="如 14:00" />
      <TextField name={`${lead}-to`} label="结束时间" width="short" hint="如 16:00" />
      <TextField name={`${lead}-capacity`} label="名额" unit="人" inputMode="numeric" width="short" />
      <Checkbox name={`${lead}-free`} label="不向参加的单位和个人收费，不推销" />
    </>
  )
}

/** What a host says took place. */
export function SaidFields({ lead, minutes, persons }: { lead: string; minutes: number; persons: number }) {
  return (
    <>
      <TextField
        name={`${lead}-minutes`}
        label="实际分钟"
        unit="分钟"
        inputMode="numeric"
        width="short"
        value={String(minutes)}
        hint="双方不一致的，按少的一方计"
      />
      <TextField
        name={`${lead}-persons`}
        label="到场人数"
        unit="人"
        inputMode="numeric"
        width="short"
        value={String(persons)}
      />
      <TextArea name={`${lead}-words`} label="说明" rows={2} optional />
      <Checkbox name={`${lead}-free`} label="没有收费，没有推销" />
    </>
  )
}
