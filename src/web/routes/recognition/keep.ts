import { data } from 'react-router'
import { saveApplication } from '#modules/recognition/application.commands.ts'
import { AppError } from '#platform/errors.ts'
import { formatInstant } from '#shared/dates.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { applicantOf } from '../../recognition/own.ts'
import type { Route } from './+types/keep.ts'

/** Nothing to see here, whoever may write. */
export function loader(args: Route.LoaderArgs) {
  applicantOf(args)
  return data(null, 404)
}

/** A draft kept by the page's script while it is written; the same command as the button. */
export async function action(args: Route.ActionArgs) {
  const { ctx } = applicantOf(args)
  const form = await args.request.formData()
  const given = { ...formObject(form), applicationId: isId(args.params.id), version: Number(form.get('version')) }
  try {
    const { version } = await saveApplication(ctx, given)
    return data({ version, at: formatInstant(ctx.now) })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { kind } = error.fault
    if (kind === 'invalid') {
      const [words] = Object.values(error.fault.fields)
      return data({ message: `还没有自动保存：${words?.[0] ?? '有填得不对的地方'}` }, 422)
    }
    const gone = kind === 'conflict' || kind === 'refused' || kind === 'missing'
    const message = gone
      ? '这份草稿在别处已经改动，不再自动保存。请刷新页面看最新内容。'
      : '没有自动保存，请稍后按“保存草稿”。'
    return data({ message, gone }, 409)
  }
}
