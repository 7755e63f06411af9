import type { MaterialLine } from '#modules/recognition/application.queries.ts'
import { paths } from '../paths.ts'
import { Actions, Button } from '../ui/button.tsx'
import { FileField } from '../ui/choices.tsx'
import { SelectField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { More } from '../ui/section.tsx'

type Data = {
  line: { state: string }
  scheme: { scoring: unknown }
  materials: readonly MaterialLine[]
  copies: readonly { id: string; of: string }[]
  may: { manage: boolean }
}

/** Copies for the experts, made at the desk: names, stamps and logos blacked out. */
export function BlindCopies({ data, failed }: { data: Data; failed: Failed | undefined }) {
  const { line, scheme, materials, copies, may } = data
  const open = line.state === 'formal-review' || line.state === 'expert-review'
  if (!may.manage || scheme.scoring === null || !open || materials.length === 0) return null
  const intent = String(failed?.values?.intent ?? '')
  const without = materials.filter((one) => !copies.some((copy) => copy.of === one.id))
  return (
    <More label={`给专家看的隐名件（${copies.length} 份）`} open={intent === 'blind-copy' || intent === 'drop-copy'}>
      <p>专家看不到原件。请把姓名、单位、公章、标识遮去以后，放入隐名件。</p>
      {copies.map((copy) => (
        <Form key={copy.id} failed={intent === 'drop-copy' ? failed : undefined}>
          <input type="hidden" name="materialId" value={copy.id} />
          <p>
            <a href={paths.titleMaterial(copy.id)}>
              {materials.find((one) => one.id === copy.of)?.name ?? '材料'}（隐名件）
            </a>
          </p>
          <Actions>
            <Button kind="quiet" name="intent" value="drop-copy">
              删除这份隐名件
            </Button>
          </Actions>
        </Form>
      ))}
      {without.length > 0 && (
        <Form
          failed={intent === 'blind-copy' ? failed : undefined}
          labels={{ materialId: '材料', file: '隐名件' }}
          upload
        >
          <input type="hidden" name="intent" value="blind-copy" />
          <SelectField
            name="materialId"
            label="哪一份材料"
            options={without.map((one) => ({ value: one.id, label: one.name }))}
          />
          <FileField name="file" label="隐名件" accept=".pdf,.jpg,.jpeg,.png" limit="PDF、JPG 或 PNG，不超过 10 MB" />
          <Button kind="plain">放入隐名件</Button>
        </Form>
      )}
    </More>
  )
}
