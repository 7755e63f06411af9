import type { ReactNode } from 'react'
import type { OwnOffer } from '#modules/exchange/exchange.queries.ts'
import { offerStates } from '#modules/exchange/exchange.schema.ts'
import { paths } from '../paths.ts'
import { Button } from '../ui/button.tsx'
import { FileField } from '../ui/choices.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { TextField } from '../ui/fields.tsx'
import type { Failed } from '../ui/form.tsx'
import { IntentForm } from '../ui/intent-form.tsx'
import { More } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { SaidFields, span } from './parts.tsx'

type Props = {
  caption: string
  offers: readonly OwnOffer[]
  place: { header: string; cell(row: OwnOffer): ReactNode }
  failed: Failed | undefined
  empty: string
}

/** What somebody offers, with the code of each room and what is to be done next: intents `say` and `cancel`. */
export function OwnOffers({ caption, offers, place, failed, empty }: Props) {
  return (
    <DataTable
      caption={caption}
      rows={offers}
      rowKey={(row) => row.id}
      columns={[
        { key: 'subject', header: '题目', cell: (row) => row.subject },
        { key: 'time', header: '时间', keep: true, cell: (row) => span(row) },
        { key: 'place', ...place },
        { key: 'firms', header: '预约', cell: (row) => row.firms.join('；') || '还没有' },
        {
          key: 'signed',
          header: '签到',
          cell: (row) =>
            row.state === 'open' && row.firms.length > 0 ? (
              <ul className="list-none">
                <li>{`扫码${row.signedIn}人${row.onPaper > 0 ? `，纸质${row.onPaper}人` : ''}`}</li>
                {!row.over && (
                  <li>
                    <a href={paths.sharingCode(row.id)} aria-label={`签到码：${row.subject}`}>
                      签到码
                    </a>
                  </li>
                )}
                <li>
                  <a href={paths.sharingList(row.id)} aria-label={`纸质签到表：${row.subject}`}>
                    纸质签到表
                  </a>
                </li>
              </ul>
            ) : row.state === 'given' ? (
              `扫码${row.signedIn}人${row.onPaper > 0 ? `，纸质${row.onPaper}人` : ''}`
            ) : (
              '—'
            ),
        },
        {
          key: 'state',
          header: '状态',
          keep: true,
          cell: (row) => (
            <StatusTag tone={row.state === 'given' ? 'good' : row.state === 'open' ? 'info' : 'neutral'}>
              {row.state === 'open' && row.hostSaid ? '等参加单位确认' : offerStates[row.state]}
            </StatusTag>
          ),
        },
        {
          key: 'do',
          header: '办理',
          cell: (row) =>
            row.state === 'open' && row.over && !row.hostSaid && row.firms.length > 0 ? (
              <More label="确认时数" open={failed?.values?.offerId === row.id}>
                <IntentForm intent="say" failed={failed} about={{ offerId: row.id }}>
                  <SaidFields lead="say" minutes={row.minutes} persons={row.signedIn + row.onPaper} />
                  <Button kind="plain">确认</Button>
                </IntentForm>
                <IntentForm intent="sheet" failed={failed} about={{ offerId: row.id }} upload>
                  <FileField
                    name="file"
                    label="签好的纸质签到表"
                    accept=".pdf,.jpg,.jpeg,.png"
                    limit="PDF、JPG 或 PNG，不超过 10 MB"
                  />
                  <TextField name="sheet-persons" label="签名人数" unit="人" inputMode="numeric" width="short" />
                  <Button kind="quiet">上传签到表</Button>
                </IntentForm>
              </More>
            ) : row.state === 'open' && !row.begun ? (
              <More label="取消">
                <IntentForm intent="cancel" failed={failed} about={{ offerId: row.id }}>
                  <TextField name="cancel-note" label="原因" maxLength={300} />
                  <Button kind="quiet">取消这个时段</Button>
                </IntentForm>
              </More>
            ) : (
              '—'
            ),
        },
      ]}
      empty={<EmptyState icon="calendar" title={empty} />}
    />
  )
}
