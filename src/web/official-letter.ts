import { letterDocument } from '#platform/docx.ts'
import type { Templates } from '#platform/pdf.templates.ts'
import { compile } from '#platform/pdf.ts'
import { paperAnswer } from './paper.ts'

const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** A letter as PDF, or with `?as=docx` as a document to be edited; both from the same data. */
export async function letterAnswer(
  request: Request,
  { name, data }: { name: string; data: Templates['letter'] },
): Promise<Response> {
  if (new URL(request.url).searchParams.get('as') === 'docx') {
    return paperAnswer({ name: `${name}.docx`, bytes: await letterDocument(data) }, docx)
  }
  return paperAnswer({ name: `${name}.pdf`, bytes: compile('letter', data) })
}
