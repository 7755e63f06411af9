import type { Page } from 'playwright-core'
import type { Scheme, SchemeField } from '#policy/plan.types.ts'
import { press } from '../../setup/visitors.ts'

type Plain = Omit<Exclude<SchemeField, { kind: 'table' }>, 'when'>
const samples = {
  text: '示例内容',
  long: '有场地、有师资、有制度，近三年持续开展培训。',
  number: '12',
  day: '2021-01-04',
}

/** Fills every box that the scheme asks for, as somebody would who has only the form before him. */
export async function fillForm(page: Page, scheme: Scheme, own: Record<string, string>): Promise<void> {
  const chosen = new Map<string, string>()
  for (const field of scheme.fields) {
    if (field.when && !field.when.is.includes(chosen.get(field.when.field) ?? '')) continue
    if (field.kind === 'table') {
      if (!field.required && own[field.id] === undefined) continue
      for (const column of field.columns) await fillBox(page, `f.${field.id}.0.${column.id}`, column, own[column.id])
      continue
    }
    chosen.set(field.id, await fillBox(page, `f.${field.id}`, field, own[field.id]))
  }
}

async function fillBox(page: Page, name: string, field: Plain, wanted: string | undefined): Promise<string> {
  const box = page.locator(`[name="${name}"]`)
  if (field.kind === 'yes') {
    await box.check()
    return 'yes'
  }
  if (field.kind === 'choice') {
    const value = wanted ?? field.options?.[0]?.value ?? ''
    await box.selectOption(value)
    return value
  }
  const value = wanted ?? samples[field.kind]
  await box.fill(value)
  return value
}

const pdf = { name: '证明材料.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n测试') }

export async function uploadAll(page: Page, scheme: Scheme, path: string): Promise<void> {
  const extra = scheme.paths.find((one) => one.id === path)?.requires ?? []
  for (const one of scheme.materials) {
    if (one.origin !== 'upload' || !(one.required || extra.includes(one.id))) continue
    await page.getByLabel('上传哪一种材料').selectOption(one.id)
    await page.getByLabel('文件', { exact: true }).setInputFiles(pdf)
    await press(page, '上传材料')
  }
}
